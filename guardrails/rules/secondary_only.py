"""SQ-005: codes that are never reported first."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import row_of


@rule(
    "SQ-005",
    title="Never first",
    severity="block",
    source="Official Guidelines I.B.14, I.C.1.b-d, I.C.18.g, I.C.19.e.5.c, I.C.21.c",
)
def secondary_only(coded: CodedChart) -> Iterator[Hit]:
    """Severe sepsis and septic shock, underdosing, body mass index, coma and stroke scales, organisms and resistance,
    social determinants and outcome of delivery are never the principal or first-listed diagnosis. The codes are
    tables/secondary_only.toml; where a row leaves room the finding is a review."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        row = row_of("secondary_only", coded.book, diagnosis.code, on)
        if row is not None and diagnosis.leads:
            message = f"{diagnosis.title} is never reported first: {row.reason} ({row.source})."
            yield Hit(message, (diagnosis.name,), severity=row.facts.get("severity"))
