"""SQ-015: the liveborn code of a birth record."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "SQ-015",
    title="Birth record",
    severity="review",
    source="Official Guidelines I.C.16.a.2",
)
def birth_record(coded: CodedChart) -> Iterator[Hit]:
    """The newborn's record of the birth has a code of Z38 as its principal diagnosis. An inpatient admitted on the day of birth
    without one was born elsewhere, which a person must see."""
    encounter = coded.encounter
    born_here = encounter.patient_class == "inpatient" and encounter.birth_date and encounter.birth_date == encounter.admit_date
    if born_here and coded.diagnoses and not coded.covered("Z38"):
        yield Hit(
            "The patient was admitted on the day of birth, and no code of Z38 says that this is the birth record.",
            tuple(one.name for one in coded.diagnoses if one.leads),
        )
