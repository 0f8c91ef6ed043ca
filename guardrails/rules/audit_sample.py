"""RN-011: charts drawn for an audit."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_DIGITS = 12


@rule(
    "RN-011",
    title="Drawn for audit",
    severity="review",
    source="chartproof policy: audit_share",
)
def audit_sample(coded: CodedChart) -> Iterator[Hit]:
    """The policy's share of charts goes to a person for audit. The draw is made by the chart's hash: the same chart is
    always drawn or never, and nobody can tell beforehand."""
    drawn = int(coded.chart.sha256[:_DIGITS], 16) / 16**_DIGITS if coded.policy.audit_share else 1.0
    if drawn < coded.policy.audit_share:
        yield Hit("The chart was drawn for audit.")
