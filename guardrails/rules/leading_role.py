"""SQ-001: the diagnosis reported first is one, is first, and has the role of its setting."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "SQ-001",
    title="One leading diagnosis",
    severity="review",
    source="Official Guidelines II (principal, inpatient facility claims) and IV.A, IV.G (first-listed)",
)
def leading_role(coded: CodedChart) -> Iterator[Hit]:
    """A coded chart has exactly one leading diagnosis, at the first place, called principal on an inpatient facility
    claim and first-listed on every other. Two leading diagnoses are a block."""
    if not coded.diagnoses:
        return
    leading = [diagnosis for diagnosis in coded.diagnoses if diagnosis.leads]
    wanted = coded.encounter.leading_role
    if not leading:
        first = coded.diagnoses[0].name
        yield Hit(f"No diagnosis has the role {wanted}.", (first,))
    if len(leading) > 1:
        yield Hit("More than one diagnosis is reported as leading.", tuple(d.name for d in leading), severity="block")
    for diagnosis in leading:
        if diagnosis.assignment.role != wanted:
            yield Hit(f"This claim's leading diagnosis has the role {wanted}.", (diagnosis.name,))
    if len(leading) == 1 and leading[0] is not coded.diagnoses[0]:
        yield Hit("The leading diagnosis is not at the first place.", (leading[0].name,))
