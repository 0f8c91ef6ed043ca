"""CM-009: code-also notes whose code is missing."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.conventions import instruction
from guardrails.rule import Hit, rule


@rule(
    "CM-009",
    title="Code also",
    severity="note",
    source="Official Guidelines I.A.17; ICD-10-CM Tabular List, code also notes",
)
def code_also(coded: CodedChart) -> Iterator[Hit]:
    """A code-also note says that two codes may be needed and nothing of their order. Where the note has no "if applicable" and
    none of the codes it names is there, a note says so: the chart may tell of none."""
    for diagnosis in coded.known:
        asked = instruction(diagnosis, "code_also")
        if asked.references and asked.unconditional and not _there(coded, diagnosis.code, asked.references):
            message = f"{diagnosis.title} has a code also note: {', '.join(asked.references)}."
            yield Hit(message, (diagnosis.name,))


def _there(coded: CodedChart, code: str, references: tuple[str, ...]) -> bool:
    return any(other.code != code for other in coded.covered(*references))
