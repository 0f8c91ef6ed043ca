"""CM-008: use-additional-code notes whose code is missing."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import rows_of


@rule(
    "CM-008",
    title="Additional code missing",
    severity="review",
    source="Official Guidelines I.A.13, I.B.7, I.C.4.a, I.C.9.a, I.C.14.a; ICD-10-CM Tabular List notes",
)
def use_additional_code(coded: CodedChart) -> Iterator[Hit]:
    """Where the first code alone says that the second condition exists (heart failure in I11.0, the stage of kidney
    disease in I12 and E11.22, an ulcer's site in E11.621), the additional code its note asks for is there. The pairs
    are tables/required_partners.toml; other notes ask for what may not apply and are not checked."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        for row in rows_of("required_partners", coded.book, diagnosis.code, on):
            if not any(other is not diagnosis for other in coded.covered(*row.partners)):
                message = f"{diagnosis.title} needs an additional code for {row.reason}: {', '.join(row.partners)}."
                yield Hit(message, (diagnosis.name,))
