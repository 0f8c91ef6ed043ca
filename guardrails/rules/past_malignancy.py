"""EV-024: a malignancy coded as current after it was removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_PRIMARY = ("C00-C75",)
_GONE = re.compile(
    r"\bNED\b|\bno evidence of (?:any )?(?:residual |recurrent |active )?(?:disease|recurrence|malignancy|cancer)"
    r"|\b(?:disease|cancer|recurrence)[- ]free\b|\bPSA (?:remains )?undetectable\b|\bcured\b|\bno recurrence\b"
    r"|\b(?:s/p|status post|underwent|had)\b[^.;\n]{0,60}\b(?:\w*ectomy|resection|excision|WLE|Mohs)\b"
    r"|\bcompleted (?:\w+ ){0,3}(?:chemo\w*|radiation|treatment|therapy)\b",
    re.IGNORECASE,
)
# Treatment still directed at the malignancy, or malignancy that is still there (I.C.2.m).
_GOES_ON = re.compile(
    r"\b(?:adjuvant|metasta\w+|mets|recurren(?:t|ce) (?!free)|residual|progress\w+|planned|scheduled|here for|cycle"
    r"|currently|receiving|undergoing|continu\w+"
    r"|tamoxifen|anastrozole|letrozole|exemestane|leuprolide|lupron|trastuzumab|pembrolizumab|biops\w+|positive margins?"
    r"|ADT|on (?:chemo\w*|radiation|hormon\w+))\b",
    re.IGNORECASE,
)


@rule(
    "EV-024",
    title="Malignancy after its removal",
    severity="review",
    source="Official Guidelines I.C.2.d and I.C.2.m",
)
def past_malignancy(coded: CodedChart) -> Iterator[Hit]:
    """A primary malignancy is coded as current until it is removed and its treatment is over; then a code of Z85 takes its place.
    Where a sentence of the evidence says that it was removed or that no disease is left, and none speaks of treatment that
    goes on, a person decides."""
    for diagnosis in coded.covered(*_PRIMARY):
        said = " \n".join(diagnosis.sentences)
        if diagnosis.usable and _GONE.search(said) and not _GOES_ON.search(_GONE.sub(" ", said)):
            message = f"{diagnosis.title}: the evidence says it was removed or is gone; a Z85 code may be meant."
            yield Hit(message, (diagnosis.name,), tuple(judged.span for judged in diagnosis.usable))
