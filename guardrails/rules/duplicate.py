"""CM-010: the same code twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

# A diagnosis may be reported once more as what brought an inpatient in or a patient to the emergency department.
_REPEATABLE = frozenset({"admitting", "reason_for_visit"})


@rule(
    "CM-010",
    title="Code reported twice",
    severity="block",
    source="Official Guidelines I.B.12: a diagnosis code is reported once for an encounter",
)
def duplicate(coded: CodedChart) -> Iterator[Hit]:
    """Each diagnosis code is reported once. The admitting diagnosis and the patient's reason for visit stand apart."""
    counted = Counter(d.code for d in coded.diagnoses if d.assignment.role not in _REPEATABLE)
    for diagnosis in coded.diagnoses:
        if counted[diagnosis.code] > 1:
            counted[diagnosis.code] = 0
            yield Hit("The code is reported more than once.", (diagnosis.name,))
