"""EV-001: a code without any evidence."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-001",
    title="Evidence missing",
    severity="block",
    source="Official Guidelines I.A.19 and III: a code rests on the provider's documentation",
)
def evidence_missing(coded: CodedChart) -> Iterator[Hit]:
    """Every code of every system cites at least one quote of the chart. A code that cites nothing is not proven."""
    for assignment in coded.codes:
        if not assignment.evidence and not assignment.ungrounded:
            yield Hit("No evidence was given for the code.", (assignment.code,))
