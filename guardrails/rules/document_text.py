"""DC-002: documents without text."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "DC-002",
    title="Document without text",
    severity="review",
    source="Official Guidelines I.B.18: the entire record is reviewed",
)
def document_text(coded: CodedChart) -> Iterator[Hit]:
    """Every document has words to read. A scanned page or an empty one goes to a person."""
    empty = sum(not any(character.isalpha() for character in document.text) for document in coded.chart.documents)
    if empty:
        yield Hit(f"{empty} of {len(coded.chart.documents)} document(s) hold no text.")
