"""CM-015: additional codes a note asks for and the chart tells of."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.conventions import instruction
from guardrails.rule import Hit, rule
from guardrails.statements import PRESENT, stated
from guardrails.tables import Row, covers, table
from records.chart import Span


@rule(
    "CM-015",
    title="Documented addition not coded",
    severity="review",
    source="Official Guidelines I.A.17, I.B.7, I.C.1.b, I.C.4.a.3; ICD-10-CM Tabular List, use additional code notes",
)
def documented_partner(coded: CodedChart) -> Iterator[Hit]:
    """What a use-additional-code note of the release names and the chart tells of is coded as well: the organism of an
    infection, insulin and other drugs for diabetes, tobacco beside the diseases that ask for it. A missing organism is for a
    person; a missing status leaves the other codes right and is a note. One finding for each addition names every code that
    asks for it. The chart's words are tables/documented_partners.toml."""
    on = coded.encounter.code_set_date
    for row in table("documented_partners"):
        if not row.in_force(on) or coded.covered(*row.codes, *row.partners):
            continue
        asking = [diagnosis for diagnosis in coded.known if _asks(coded, diagnosis, row)]
        spans = tuple(_told(coded, row)) if asking else ()
        if spans:
            message = f"The chart tells of {row.reason}, and no code says it; the note at {asking[0].code} asks for one."
            yield Hit(message, tuple(one.name for one in asking), spans, severity=row.facts.get("severity"))


def _asks(coded: CodedChart, diagnosis: Diagnosis, row: Row) -> bool:
    return any(
        covers(row.codes, reference) or reference in row.codes
        for reference in instruction(diagnosis, "use_additional_code").references
    )


def _told(coded: CodedChart, row: Row) -> Iterator[Span]:
    return stated(coded.chart, row.facts["words"], frozenset(row.facts.get("assertions", PRESENT)))
