"""CM-012: more than one code of a set of which only one can be true."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import table


@rule(
    "CM-012",
    title="Only one of a set",
    severity="review",
    source="Official Guidelines I.C.5.b.2, I.C.9.a.3, I.C.14.a.1, I.C.16.a.2, I.C.21.c.3",
)
def mutually_exclusive(coded: CodedChart) -> Iterator[Hit]:
    """One stage of kidney disease, one body mass index, one pattern of use of a substance, one type of diabetes, one
    liveborn code, one hypertension category. The sets are tables/exclusive_sets.toml."""
    on = coded.encounter.code_set_date
    for row in table("exclusive_sets"):
        if not row.in_force(on):
            continue
        found = [diagnosis for diagnosis in coded.diagnoses if row.holds(coded.book, diagnosis.code)]
        groups = {diagnosis.code[: row.facts.get("digits", len(diagnosis.code))] for diagnosis in found}
        if len(groups) > 1:
            yield Hit(f"Only one of these can be reported: {row.reason}.", tuple(d.name for d in found))
