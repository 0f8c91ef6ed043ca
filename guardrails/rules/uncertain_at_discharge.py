"""EV-010: uncertain diagnoses of an inpatient that were not made at discharge."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_FINAL_KINDS = ("discharge", "final", "death")
_FINAL_SECTIONS = frozenset({"diagnosis", "hospital_course"})


@rule(
    "EV-010",
    title="Uncertain, but not at discharge",
    severity="review",
    source="Official Guidelines II.H and III.C",
)
def uncertain_at_discharge(coded: CodedChart) -> Iterator[Hit]:
    """An inpatient facility claim codes a probable or suspected diagnosis as if it existed only when it is so documented
    at discharge: in a discharge summary or final note, or in a section of final diagnoses or the hospital course."""
    if not coded.encounter.codes_uncertain_diagnoses:
        return
    for diagnosis in coded.known:
        uncertain = [judged for judged in diagnosis.usable if judged.assertion == "uncertain"]
        if len(uncertain) < len(diagnosis.usable) or not uncertain:
            continue
        if not any(judged.section in _FINAL_SECTIONS or _final(coded, judged.span.document) for judged in uncertain):
            spans = tuple(judged.span for judged in uncertain)
            yield Hit(f"{diagnosis.title} is uncertain, and not so documented at discharge.", (diagnosis.name,), spans)


def _final(coded: CodedChart, document_id: str) -> bool:
    document = coded.chart.document(document_id)
    return document is not None and any(word in document.kind.lower() for word in _FINAL_KINDS)
