"""RN-014: calls of tools there are none of."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-014",
    title="Unlisted tool called",
    severity="review",
    source="chartproof: a model that reaches beyond its tools is not trusted with a chart",
)
def unlisted_calls(coded: CodedChart) -> Iterator[Hit]:
    """The model called only tools it was given. One that asked for another was confused, or did what somebody told it."""
    if calls := coded.run.unlisted_calls:
        yield Hit(f"The model called {calls} time(s) a tool that it was not given; nothing was done.")
