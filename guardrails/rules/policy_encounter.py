"""RN-010: encounters the policy keeps for a person."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-010",
    title="Encounter kept for a person",
    severity="review",
    source="chartproof policy: patient_classes, specialties",
)
def policy_encounter(coded: CodedChart) -> Iterator[Hit]:
    """When the policy lists the patient classes or specialties that may be final, any other goes to a person; an
    encounter that does not say its specialty is any other."""
    policy, encounter = coded.policy, coded.encounter
    if policy.patient_classes and encounter.patient_class not in policy.patient_classes:
        yield Hit(f"The policy keeps {encounter.patient_class} encounters for a person.")
    if policy.specialties and encounter.specialty not in policy.specialties:
        yield Hit("The policy keeps this specialty for a person.")
