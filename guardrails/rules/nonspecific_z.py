"""SQ-013: Z codes too unspecific for an inpatient."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from records.finding import Severity

_NONSPECIFIC = ("Z02.9", "Z04.9", "Z13.9", "Z41.9", "Z52.9", "Z86.59", "Z88.9", "Z92.0")


@rule(
    "SQ-013",
    title="Nonspecific Z code",
    severity="review",
    source="Official Guidelines I.C.21.c.14",
)
def nonspecific_z(coded: CodedChart) -> Iterator[Hit]:
    """There is little justification for the nonspecific Z codes in the inpatient setting; outpatients get a note."""
    for diagnosis in coded.covered(*_NONSPECIFIC):
        severity: Severity = "review" if coded.encounter.patient_class == "inpatient" else "note"
        yield Hit(f"{diagnosis.title} is a nonspecific Z code.", (diagnosis.name,), severity=severity)
