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
    """When the policy requires a calibrated score, or names the share of final codes that must be right, a code below the
    score this needs, or without one, goes to a person. What a model says of its own confidence is no score."""
    policy, run = coded.policy, coded.run
    if policy.target_precision is not None and run.threshold is None:
        yield Hit(f"{run.unproven or 'The codes have no calibrated score'}.", tuple(one.code for one in coded.codes))
        return
    required = max((bound for bound in (policy.required_score, run.threshold) if bound is not None), default=None)
    if required is None:
        return
    for assignment in coded.codes:
        if not run.scores.get(assignment.code, 0.0) >= required:
            yield Hit(f"The code's calibrated score is below {required:g} or unknown.", (assignment.code,))
