"""CM-011: two codes where the classification has one."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.reference import references_in
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import Row, rows_of


@rule(
    "CM-011",
    title="Combination code exists",
    severity="review",
    source="Official Guidelines I.A.15, I.B.9, I.C.4.a and I.C.9.a.1-3",
)
def combination_code(coded: CodedChart) -> Iterator[Hit]:
    """Conditions the classification presumes to be related are reported with their combination code: hypertension with
    heart failure or chronic kidney disease, diabetes with its complications. When the provider says they are unrelated
    the separate codes stand, which a person must see. The combinations are tables/combinations.toml; which heart diseases
    hypertension is presumed to cause is what the release says at I11."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        for row in rows_of("combinations", coded.book, diagnosis.code, on):
            used = tuple(code.replace("E-", diagnosis.code[:3]) for code in row.facts["use"])
            others = [other for other in coded.covered(*_partners(coded, row)) if other.code != diagnosis.code]
            if others and not (row.facts.get("unless_used") and coded.covered(*used)):
                message = (
                    f"{diagnosis.title} with {others[0].title}: {row.reason}. Use {', '.join(used)} unless the provider"
                    " documents that they are unrelated."
                )
                yield Hit(message, (diagnosis.name, *(other.name for other in others)))


def _partners(coded: CodedChart, row: Row) -> tuple[str, ...]:
    """The row's own partners, or those that the Includes note of a heading names in the release of the chart."""
    heading = row.facts.get("includes_of", "")
    entry = coded.book.entry(heading) if heading else None
    notes = [note for note in entry.notes if note.kind == "includes" and note.level == heading] if entry else []
    return row.partners + tuple(reference for note in notes for reference in references_in(note.text, bare=True))
