"""EV-011: evidence in sections that establish nothing."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-011",
    title="Section not codable",
    severity="review",
    source="Official Guidelines I.A.19 and III: a diagnosis is the provider's statement",
)
def evidence_section(coded: CodedChart) -> Iterator[Hit]:
    """The evidence stands only where no diagnosis is established: review of systems, questionnaires, family history,
    instructions, and a bare problem list when the policy says so. Codes that may rest on such a section are exempt."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("section"):
            message = f"The evidence for {diagnosis.title} stands only in a section that establishes no diagnosis."
            yield Hit(message, (diagnosis.name,), spans)
