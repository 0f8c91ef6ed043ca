"""AG-003: an age nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_OLDEST = 124


@rule(
    "AG-003",
    title="Age impossible",
    severity="review",
    source="CMS Definitions of Medicare Code Edits, invalid age",
)
def age_possible(coded: CodedChart) -> Iterator[Hit]:
    """The patient is 0 to 124 years old on the first day: beyond it the birth date or the date of the encounter is wrong,
    and with them every rule that reads an age. An unknown birth date is unknown."""
    years = coded.encounter.age_years
    if years is not None and years > _OLDEST:
        yield Hit(f"The patient would be {years} years old: a date of the encounter is wrong.")
