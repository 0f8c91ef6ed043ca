"""AG-001: codes for another age."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.tables import Row, rows_of


@rule(
    "AG-001",
    title="Age disagrees with the code",
    severity="review",
    source="CMS Definitions of Medicare Code Edits, age conflict; Official Guidelines I.C.15-16; ICD-10-CM code titles",
)
def age(coded: CodedChart) -> Iterator[Hit]:
    """Newborn, paediatric, maternity and adult codes, and codes whose title names an age, agree with the patient's age
    on the first day. An unknown birth date is unknown. On an inpatient facility claim the lists of the Medicare Code Editor
    decide where they are held. Without them, and on every other claim, which the editor is not made for, its lists as
    tables/age_conflicts.toml has them are asked, for a person to judge. The codes of titles, notes and guidelines are
    tables/ages.toml."""
    days, years = coded.encounter.age_days, coded.encounter.age_years
    if days is None or years is None:
        return
    for diagnosis in coded.known:
        patients = next(_others(coded, diagnosis, days, years), None)
        if patients is not None:
            message = f"{diagnosis.title} is for {patients}; the patient is {years} year(s) old."
            yield Hit(message, (diagnosis.name,))


def _others(coded: CodedChart, diagnosis: Diagnosis, days: int, years: int) -> Iterator[str]:
    """Whom the code is for, wherever that is not a patient of this age."""
    edits = diagnosis.edits
    for youngest, oldest in edits.ages.values():
        if not youngest <= years <= oldest:
            yield f"patients aged {youngest} to {oldest} ({edits.release})"
    for table in ("ages",) if edits.held else ("age_conflicts", "ages"):
        for row in rows_of(table, coded.book, diagnosis.code, coded.encounter.code_set_date):
            if not _agrees(row, days, years):
                yield row.reason


def _agrees(row: Row, days: int, years: int) -> bool:
    facts = row.facts
    within_years: bool = facts.get("years_from", 0) <= years <= facts.get("years_to", years)
    within_days: bool = facts.get("days_from", 0) <= days <= facts.get("days_to", days)
    return within_years and within_days
