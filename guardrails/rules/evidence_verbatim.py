"""EV-002: quotes that do not stand in the chart."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-002",
    title="Evidence not verbatim",
    severity="block",
    source="Official Guidelines I.A.19 and III: a code rests on the provider's documentation",
)
def evidence_verbatim(coded: CodedChart) -> Iterator[Hit]:
    """Every quote stands in the chart word for word. A code all of whose quotes are missing is blocked; one that has
    other evidence goes to a person, because a quote that was made up says something about the rest."""
    for assignment in coded.codes:
        held = [span for span in assignment.evidence if coded.chart.holds(span)]
        lost = len(assignment.ungrounded) + len(assignment.evidence) - len(held)
        if lost and held:
            yield Hit(f"{lost} quote(s) could not be found word for word.", (assignment.code,), severity="review")
        elif lost:
            yield Hit("No quote could be found word for word in the chart.", (assignment.code,))
