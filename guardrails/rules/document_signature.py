"""DC-001: documents known to be unsigned."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "DC-001",
    title="Document unsigned",
    severity="review",
    source="42 CFR 482.24(c)(1): entries are authenticated; Official Guidelines I.B.14",
)
def document_signature(coded: CodedChart) -> Iterator[Hit]:
    """The evidence stands only in a document the source says is unsigned. A document that says nothing of a signature is
    unknown, not unsigned."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("unsigned"):
            message = f"The evidence for {diagnosis.title} stands only in an unsigned document."
            yield Hit(message, (diagnosis.name,), spans)
