"""EV-008: uncertain diagnoses where none may be coded."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-008",
    title="Uncertain diagnosis",
    severity="block",
    source="Official Guidelines IV.H; II.H and III.C apply to inpatient facility claims only",
)
def evidence_uncertain(coded: CodedChart) -> Iterator[Hit]:
    """The diagnosis is documented as probable, suspected, likely, consistent with or to be ruled out, on a claim that codes
    certain diagnoses only: every claim but an inpatient facility's. Borderline is not uncertain (I.B.17)."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("uncertain"):
            message = f"The evidence for {diagnosis.title} is uncertain, and this claim codes only what is certain."
            yield Hit(message, (diagnosis.name,), spans)
