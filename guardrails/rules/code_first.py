"""CM-007: code-first notes, for codes that are not manifestations."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.conventions import instruction, is_manifestation, partners
from guardrails.rule import Hit, rule


@rule(
    "CM-007",
    title="Code first",
    severity="review",
    source="Official Guidelines I.A.13 and I.B.7; ICD-10-CM Tabular List, code first notes",
)
def code_first(coded: CodedChart) -> Iterator[Hit]:
    """A partner that a code-first note names stands before the code; and where the note has no "if applicable", "if
    known" or "any", the partner is there. Manifestations are rule SQ-002."""
    for diagnosis in coded.known:
        if is_manifestation(coded.book, diagnosis):
            continue
        found = partners(coded, diagnosis, "code_first")
        if found and all(partner.sequence > diagnosis.sequence for partner in found):
            names = (diagnosis.name, *(partner.name for partner in found))
            yield Hit(f"A code first note puts {found[0].title} before {diagnosis.title}.", names)
        elif not found and instruction(diagnosis, "code_first").required:
            message = f"{diagnosis.title} has a code first note, and none of the codes it names is there."
            yield Hit(message, (diagnosis.name,))
