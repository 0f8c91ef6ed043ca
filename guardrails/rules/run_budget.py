"""RN-002: runs that ended before they were done."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-002",
    title="Run cut short",
    severity="review",
    source="chartproof: a run that did not finish is not proven",
)
def run_budget(coded: CodedChart) -> Iterator[Hit]:
    """The run hit one of its limits, or its model failed. A limit goes to a person; a failed model is a block."""
    if coded.run.failure:
        yield Hit("The model failed before it handed in its codes.", severity="block")
    if coded.run.budget_hit:
        yield Hit("The run hit a limit: what was handed in by then may be incomplete.")
