"""EV-026: the site of a metastasis coded as a primary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.evidence import Judged
from guardrails.rule import Hit, rule

_PRIMARY = ("C00-C76", "C80")
_SECONDARY = r"(?:metasta(?:sis|ses|tic|sized)|mets?|spread)"
_WORDS_BETWEEN = r"(?:[\w-]+[ ,]+(?:and )?){0,3}"


@rule(
    "EV-026",
    title="Secondary site coded as primary",
    severity="review",
    source="Official Guidelines I.C.2; ICD-10-CM Tabular List, C77-C79",
)
def secondary_site(coded: CodedChart) -> Iterator[Hit]:
    """A code for a primary malignancy does not rest on words that name the site of a metastasis: "metastatic to the brain",
    "liver metastases". Secondary sites are C77-C79."""
    for diagnosis in coded.covered(*_PRIMARY):
        spread = tuple(judged.span for judged in diagnosis.usable if _is_secondary(judged))
        if spread and len(spread) == len(diagnosis.usable):
            message = f"{diagnosis.title}: the evidence names the site of a metastasis; C77-C79 may be meant."
            yield Hit(message, (diagnosis.name,), spread)


def _is_secondary(judged: Judged) -> bool:
    """Whether the quote is what its sentence says the disease spread to, or that a metastasis is in."""
    quote = re.escape(judged.span.text)
    to = rf"{_SECONDARY} (?:to|in|into|of|involving) (?:the )?{_WORDS_BETWEEN}{quote}"
    named = rf"{quote} {_SECONDARY}\b(?! to)"
    return re.search(rf"\b(?:{to}|{named})", judged.sentence, re.IGNORECASE) is not None
