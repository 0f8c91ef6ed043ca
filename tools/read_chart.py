"""The tool ``read_chart``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from records.chart import Document
from records.encounter import Encounter
from tools.tool import Desk, ToolError

CHARS_PER_CALL = 12_000


def read_chart(
    desk: Desk,
    document: Annotated[str, Field(description="Document id; empty for the encounter and the list of documents.")] = "",
    from_line: Annotated[int, Field(description="First line to read, 1-based.", ge=1)] = 1,
) -> dict[str, Any]:
    """Read the chart by numbered lines. Without a document: the encounter's facts and every document with its length.
    With one: its lines from from_line on, and next_line when there are more. Cite evidence by document, line and quote."""
    if not document:
        facts = encounter_facts(desk.chart.encounter) | ({"code_everything": True} if desk.code_everything else {})
        return {"encounter": facts, "documents": [_card(d) for d in desk.chart.documents]}
    found = desk.chart.document(document)
    if found is None:
        raise ToolError("read_chart: no document of that id; call read_chart without a document for the list")
    if from_line > max(len(found.lines), 1):
        raise ToolError(f"read_chart: the document has {len(found.lines)} lines")
    return _page(desk, found, from_line)


def _page(desk: Desk, document: Document, from_line: int) -> dict[str, Any]:
    shown: list[str] = []
    size = 0
    read = desk.lines_read.setdefault(document.id, set())
    for number in range(from_line, len(document.lines) + 1):
        start, end = document.lines[number - 1]
        if shown and size + end - start > CHARS_PER_CALL:
            return {"document": document.id, "lines": shown, "next_line": number}
        shown.append(f"{number}| {document.text[start:end]}")
        size += end - start
        read.add(number)
    return {"document": document.id, "lines": shown}


def _card(document: Document) -> dict[str, Any]:
    card = {
        "id": document.id,
        "kind": document.kind,
        "author_role": document.author_role,
        "lines": len(document.lines),
        "chars": len(document.text),
    }
    if document.signed is False:
        card["signed"] = False
    if document.encounter_id:
        card["encounter"] = document.encounter_id
    return card


def encounter_facts(encounter: Encounter) -> dict[str, Any]:
    """What a coder must know of the encounter, as the model sees it. Identifiers and the birth date are not among it."""
    facts = {
        "patient_class": encounter.patient_class,
        "claim_type": encounter.claim_type,
        "code_set_date": encounter.code_set_date.isoformat(),
        "sex": encounter.sex,
        "age_years": encounter.age_years,
        "age_days": encounter.age_days if (encounter.age_years or 0) < 1 else None,
        "specialty": encounter.specialty,
        "payer": encounter.payer,
        "discharge_disposition": encounter.discharge_disposition,
        "leading_role": encounter.leading_role,
        "uncertain_diagnoses_are_coded": encounter.codes_uncertain_diagnoses,
        "poa_reported": encounter.reports_poa,
    }
    return {name: value for name, value in facts.items() if value is not None}
