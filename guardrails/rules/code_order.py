"""SQ-010: pairs of codes in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import rows_of


@rule(
    "SQ-010",
    title="Order of two codes",
    severity="review",
    source="Official Guidelines I.C, the sections of tables/code_order.toml",
)
def code_order(coded: CodedChart) -> Iterator[Hit]:
    """Where a guideline orders two codes whatever brought the patient in, the one it puts first stands before the other: a
    postprocedural infection before its sepsis, a malignancy before its symptoms, a stroke before hypertension, an infarction
    before coronary disease, the highest burn before the others. The pairs are tables/code_order.toml."""
    for diagnosis in coded.known:
        for row in rows_of("code_order", coded.book, diagnosis.code, coded.encounter.code_set_date):
            early = [
                other
                for other in coded.covered(*row.partners)
                if other.sequence < diagnosis.sequence and (other.leads or not row.facts.get("leads"))
            ]
            if early:
                message = f"{diagnosis.title} belongs before {early[0].title}: {row.reason} ({row.source})."
                yield Hit(message, (diagnosis.name, *(other.name for other in early)))
