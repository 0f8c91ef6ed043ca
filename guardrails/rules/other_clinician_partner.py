"""EV-023: values that need a diagnosis beside them."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.words import stems
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.evidence import may_diagnose
from guardrails.rule import Hit, rule
from guardrails.tables import row_of

_CATEGORY = 3


@rule(
    "EV-023",
    title="Associated diagnosis missing",
    severity="review",
    source="Official Guidelines I.B.14",
)
def other_clinician_partner(coded: CodedChart) -> Iterator[Hit]:
    """Body mass index, stroke scale and blood alcohol level are reported only beside the diagnosis they belong to, which the
    provider documents; and the ulcer whose stage or depth another clinician gives is one the provider has documented. What
    needs which is in tables/other_clinicians.toml."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        row = row_of("other_clinicians", coded.book, diagnosis.code, on)
        if row is None:
            continue
        needed = row.facts.get("diagnosis", ())
        if needed and not coded.covered(*needed):
            yield Hit(f"{diagnosis.title} needs the provider's associated diagnosis ({row.reason}).", (diagnosis.name,))
        if row.facts.get("own") and diagnosis.usable and not _by_a_provider(coded, diagnosis):
            message = f"{diagnosis.title} rests on another clinician alone: the provider documents the diagnosis itself."
            yield Hit(message, (diagnosis.name,), tuple(judged.span for judged in diagnosis.usable))


def _by_a_provider(coded: CodedChart, diagnosis: Diagnosis) -> bool:
    """Whether evidence by the patient's provider speaks of what the code's category is about, or names it."""
    texts = []
    for judged in diagnosis.usable:
        document = coded.chart.document(judged.span.document)
        if document is not None and may_diagnose(coded.chart, document):
            texts.append(judged.sentence)
    category = coded.book.entry(diagnosis.code[:_CATEGORY])
    named = bool(category and stems(category.description) & stems("\n".join(texts)))
    return named or (bool(texts) and diagnosis.reaches(tuple(texts), diagnosis.code[:_CATEGORY]))
