"""CM-011: two codes where the classification has one."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import rows_of


@rule(
    "CM-011",
    title="Combination code exists",
    severity="review",
    source="Official Guidelines I.A.15, I.B.9, I.C.4.a and I.C.9.a.1-3",
)
def combination_code(coded: CodedChart) -> Iterator[Hit]:
    """Conditions the classification presumes to be related are reported with their combination code: hypertension with
    heart failure or chronic kidney disease, diabetes with its complications. When the provider says they are unrelated
    the separate codes stand, which a person must see. The combinations are tables/combinations.toml."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        for row in rows_of("combinations", coded.book, diagnosis.code, on):
            others = [other for other in coded.covered(*row.partners) if other.code != diagnosis.code]
            if others:
                named = ", ".join(row.facts["use"]).replace("E-", diagnosis.code[:3])
                message = (
                    f"{diagnosis.title} with {others[0].title}: {row.reason}. Use {named} unless the provider"
                    " documents that they are unrelated."
                )
                yield Hit(message, (diagnosis.name, *(other.name for other in others)))
