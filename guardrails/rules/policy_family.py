"""RN-009: codes the policy always sends to a person."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-009",
    title="Family kept for a person",
    severity="review",
    source="chartproof policy: person_always",
)
def policy_family(coded: CodedChart) -> Iterator[Hit]:
    """Codes of the families the policy names go to a person whatever the rules say."""
    for family in coded.policy.person_always:
        for diagnosis in coded.covered(*family.codes):
            yield Hit(f"The policy keeps this family for a person: {family.reason}.", (diagnosis.name,))
