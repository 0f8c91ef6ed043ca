"""RN-008: runs that made up too many quotes."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-008",
    title="Too many quotes not found",
    severity="review",
    source="chartproof policy: ungrounded_share",
)
def ungrounded_share(coded: CodedChart) -> Iterator[Hit]:
    """The share of quotes that do not stand in the chart stays within the policy's. Above it the whole draft is in
    doubt, so every code is named."""
    lost = sum(len(assignment.ungrounded) for assignment in coded.codes)
    found = sum(len({span.text for span in assignment.evidence}) for assignment in coded.codes)
    if lost and lost / (lost + found) > coded.policy.ungrounded_share:
        names = tuple(dict.fromkeys(assignment.code for assignment in coded.codes))
        yield Hit(f"{lost} of {lost + found} quotes do not stand in the chart.", names)
