"""AG-001: codes for another age."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import Row, rows_of


@rule(
    "AG-001",
    title="Age disagrees with the code",
    severity="review",
    source="CMS Medicare Code Editor, age conflict; Official Guidelines I.C.15-16; ICD-10-CM code titles",
)
def age(coded: CodedChart) -> Iterator[Hit]:
    """Newborn, paediatric, maternity and adult codes, and codes whose title names an age, agree with the patient's age
    on the first day. An unknown birth date is unknown. The ages of the Medicare Code Editor are for inpatient claims; they
    are asked of every claim here, for a person to judge. The codes are tables/ages.toml."""
    days, years = coded.encounter.age_days, coded.encounter.age_years
    if days is None or years is None:
        return
    for diagnosis in coded.known:
        for row in rows_of("ages", coded.book, diagnosis.code, coded.encounter.code_set_date):
            if not _agrees(row, days, years):
                message = f"{diagnosis.title} is for {row.reason}; the patient is {years} year(s) old."
                yield Hit(message, (diagnosis.name,))
                break


def _agrees(row: Row, days: int, years: int) -> bool:
    facts = row.facts
    within_years: bool = facts.get("years_from", 0) <= years <= facts.get("years_to", years)
    within_days: bool = facts.get("days_from", 0) <= days <= facts.get("days_to", days)
    return within_years and within_days
