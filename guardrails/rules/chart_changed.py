"""RN-007: charts that changed after they were coded."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-007",
    title="Chart changed after coding",
    severity="block",
    source="chartproof: codes belong to the chart they were made from",
)
def chart_changed(coded: CodedChart) -> Iterator[Hit]:
    """The chart checked is the chart the run read, when the run says which that was."""
    if coded.run.chart_sha256 and coded.run.chart_sha256 != coded.chart.sha256:
        yield Hit("The chart has changed since it was coded.", tuple(assignment.code for assignment in coded.codes))
