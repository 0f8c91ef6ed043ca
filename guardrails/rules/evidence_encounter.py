"""EV-020: documents of other encounters."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-020",
    title="Evidence of another encounter",
    severity="review",
    source="Official Guidelines III and IV.J: conditions that coexist at the time of the encounter",
)
def evidence_encounter(coded: CodedChart) -> Iterator[Hit]:
    """The evidence stands only in a document that belongs to another encounter."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("other_encounter"):
            message = f"The evidence for {diagnosis.title} stands only in a document of another encounter."
            yield Hit(message, (diagnosis.name,), spans)
