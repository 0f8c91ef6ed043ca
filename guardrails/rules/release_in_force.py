"""CM-002: charts coded with a release that is not the one of their date."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "CM-002",
    title="Release in force",
    severity="review",
    source="45 CFR 162.1000 and 162.1002: the code set in force on the date of service",
)
def release_in_force(coded: CodedChart) -> Iterator[Hit]:
    """The book used is the release in force on the code-set date. When only an older one is held it is used, and every
    code goes to a person."""
    if coded.book.in_force:
        return
    on = coded.encounter.code_set_date.isoformat()
    for diagnosis in coded.diagnoses:
        message = f"No release in force on {on} is held; {coded.book.release.id} was used, so the code is unconfirmed."
        yield Hit(message, (diagnosis.name,))
