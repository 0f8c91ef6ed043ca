"""EV-005: evidence about somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-005",
    title="Evidence about another person",
    severity="block",
    source="Official Guidelines I.A.19: the provider's statement that the patient has the condition",
)
def evidence_other_person(coded: CodedChart) -> Iterator[Hit]:
    """The evidence is about somebody else: a contact, a partner, a person who was hurt beside the patient."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("other_person"):
            message = f"The evidence for {diagnosis.title} is about another person."
            yield Hit(message, (diagnosis.name,), spans)
