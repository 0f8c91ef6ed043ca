"""RN-013: codes below the score the policy requires."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-013",
    title="Score below the policy's",
    severity="review",
    source="chartproof policy: required_score",
)
def policy_score(coded: CodedChart) -> Iterator[Hit]:
    """When the policy requires a calibrated score, a code below it or without one goes to a person. What a model says
    of its own confidence is no score."""
    required = coded.policy.required_score
    if required is None:
        return
    for assignment in coded.codes:
        if not coded.run.scores.get(assignment.code, 0.0) >= required:
            yield Hit(f"The code's calibrated score is below {required:g} or unknown.", (assignment.code,))
