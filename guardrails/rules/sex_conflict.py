"""AG-002: codes for the other sex."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_LISTS = {"male": "sex_female", "female": "sex_male"}


@rule(
    "AG-002",
    title="Sex disagrees with the code",
    severity="review",
    source="CMS Definitions of Medicare Code Edits, sex conflict, deactivated as of October 1, 2024",
    end=date(2024, 9, 30),
)
def sex_conflict(coded: CodedChart) -> Iterator[Hit]:
    """While the edit was in force, no code of an inpatient facility claim is one that the Medicare Code Editor lists for the
    other sex only. An unknown sex is unknown, and without the lists nothing is known."""
    other = _LISTS.get(coded.encounter.sex)
    for diagnosis in coded.known:
        if other in diagnosis.edits.lists:
            message = f"{diagnosis.title} is for the other sex only ({diagnosis.edits.release})."
            yield Hit(message, (diagnosis.name,))
