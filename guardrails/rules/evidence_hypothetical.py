"""EV-006: evidence of what might be."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-006",
    title="Evidence hypothetical",
    severity="block",
    source="Official Guidelines I.A.19: the provider's statement that the condition exists",
)
def evidence_hypothetical(coded: CodedChart) -> Iterator[Hit]:
    """The evidence speaks of what might happen or what to watch for: return precautions, risks, conditions, prevention."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("hypothetical"):
            message = f"The evidence for {diagnosis.title} is conditional: it does not say that the patient has it."
            yield Hit(message, (diagnosis.name,), spans)
