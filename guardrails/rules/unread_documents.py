"""RN-003: documents nobody read."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-003",
    title="Documents unread",
    severity="review",
    source="Official Guidelines I.B.18: the entire record is reviewed",
)
def unread_documents(coded: CodedChart) -> Iterator[Hit]:
    """Every document of the chart was read, to its end, before the codes were handed in."""
    if unread := len(coded.run.unread_documents):
        yield Hit(f"{unread} of {len(coded.chart.documents)} document(s) were not read to the end.")
