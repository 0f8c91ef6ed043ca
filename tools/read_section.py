"""The tool ``read_section``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from records.chart import Document
from records.reading import reading
from records.section import section_kinds
from tools.tool import Desk, ToolError

CHARS_PER_CALL = 12_000


def read_section(
    desk: Desk,
    kind: Annotated[str, Field(description="Kind of section, for instance assessment_plan, hospital_course, impression.")],
    from_document: Annotated[str, Field(description="Document id to begin with; empty for the first.")] = "",
    from_line: Annotated[int, Field(description="First line of that document to read, 1-based.", ge=1)] = 1,
) -> dict[str, Any]:
    """For a long chart: read the sections of one kind, and only them, in all documents from one on, by numbered lines.
    "next" says which document and line to go on with."""
    if kind not in section_kinds():
        raise ToolError(f"read_section: kind is one of {', '.join(section_kinds())}")
    names = [document.id for document in desk.chart.documents]
    if from_document and from_document not in names:
        raise ToolError("read_section: no document of that id; call read_chart without a document for the list")
    begin = names.index(from_document) if from_document else 0
    answer: dict[str, Any] = {"section": kind, "documents": []}
    room = CHARS_PER_CALL
    for place, document in enumerate(desk.chart.documents[begin:]):
        lines: list[str] = []
        for number in _lines(document, kind, from_line if place == 0 else 1):
            start, end = document.lines[number - 1]
            if room < CHARS_PER_CALL and end - start > room:
                answer["next"] = {"from_document": document.id, "from_line": number}
                break
            lines.append(f"{number}| {document.text[start:end]}")
            room -= end - start
            desk.lines_read.setdefault(document.id, set()).add(number)
        if lines:
            answer["documents"].append({"id": document.id, "lines": lines})
        if "next" in answer:
            break
    return answer


def _lines(document: Document, kind: str, first: int) -> list[int]:
    """The numbers of the lines that sections of that kind touch, from one on."""
    numbers: set[int] = set()
    for section in reading(document).sections:
        if section.kind == kind and section.end > section.start:
            numbers.update(range(document.line_of(section.start), document.line_of(section.end - 1) + 1))
    return sorted(number for number in numbers if number >= first)
