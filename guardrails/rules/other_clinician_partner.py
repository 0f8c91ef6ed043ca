"""EV-023: values that need a diagnosis beside them."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import row_of


@rule(
    "EV-023",
    title="Associated diagnosis missing",
    severity="review",
    source="Official Guidelines I.B.14",
)
def other_clinician_partner(coded: CodedChart) -> Iterator[Hit]:
    """Body mass index, stroke scale and blood alcohol level are reported only beside the diagnosis they belong to,
    which the provider documents. The pairs are in tables/other_clinicians.toml."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        row = row_of("other_clinicians", coded.book, diagnosis.code, on)
        needed = row.facts.get("diagnosis", ()) if row else ()
        if row and needed and not coded.covered(*needed):
            yield Hit(f"{diagnosis.title} needs the provider's associated diagnosis ({row.reason}).", (diagnosis.name,))
