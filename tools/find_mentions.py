"""The tool ``find_mentions``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from codebook.book import CodeBook
from codebook.spotting import Mention
from records.chart import Document
from records.reading import Reading, reading
from records.section import Section
from tools.tool import Desk, ToolError

CANDIDATES = 4
MENTIONS_PER_CALL = 150


def find_mentions(
    desk: Desk,
    document: Annotated[str, Field(description="Document id; empty for all documents.")] = "",
    section: Annotated[str, Field(description="Only mentions in sections of this kind, for instance assessment_plan.")] = "",
    from_line: Annotated[int, Field(description="With a document: only mentions from this line on.", ge=1)] = 1,
) -> dict[str, Any]:
    """Every term of the code books and of the clinical synonym list found in the chart, by document and section: its line,
    its words, its assertion (present, absent, uncertain, historical, family, hypothetical, other_person) with the cue that
    says so, and candidate codes, best first. Candidates marked with + need more characters. A miss proves nothing. When the
    answer is cut, "next" says which document and line to go on with."""
    documents = desk.chart.documents
    if document:
        found = desk.chart.document(document)
        if found is None:
            raise ToolError("find_mentions: no document of that id")
        documents = (found,)
    elif from_line > 1:
        raise ToolError("find_mentions: from_line needs a document")
    answer: dict[str, Any] = {"documents": []}
    room = MENTIONS_PER_CALL
    for one in documents:
        shown, following = _of_document(desk, one, section, from_line, room)
        answer["documents"].append(shown)
        room -= sum(len(group["mentions"]) for group in shown["sections"])
        if following:
            answer["next"] = {"document": one.id, "from_line": following}
            break
    if notice := desk.index_notice(documents):
        answer["notice"] = notice
    return answer


def _of_document(desk: Desk, document: Document, only: str, from_line: int, room: int) -> tuple[dict[str, Any], int]:
    """A document's mentions, at most so many, and the line to go on with, 0 at its end. A line is never cut in two."""
    read = reading(document)
    groups: list[dict[str, Any]] = []
    last, line, following = None, 0, 0
    for mention in desk.mentions(document):
        section = read.section_at(mention.start)
        number = document.line_of(mention.start)
        if number < from_line or (only and section.kind != only) or is_heading(section, mention):
            continue
        if room <= 0 and number > line:
            following = number
            break
        if section is not last:
            groups.append({"section": section.kind, "line": document.line_of(section.start), "mentions": []})
            last = section
        groups[-1]["mentions"].append(_shown(desk, document, read, mention))
        line, room = number, room - 1
    if not only:
        desk.lines_read.setdefault(document.id, set()).update(range(from_line, following or len(document.lines) + 1))
    return {"id": document.id, "sections": groups}, following


def is_heading(section: Section, mention: Mention) -> bool:
    """Whether the words are a section's heading ("PE:", "ALLERGIES"). A heading of no known kind may name a problem."""
    return section.kind != "other" and mention.end <= section.heading_end


def _shown(desk: Desk, document: Document, read: Reading, mention: Mention) -> dict[str, Any]:
    asserted = read.assertion(mention.start, mention.end)
    shown: dict[str, Any] = {
        "line": document.line_of(mention.start),
        "quote": document.text[mention.start : mention.end],
        "at": mention.start,
        "sentence": read.sentence_at(mention.start)[0],
        "assertion": desk.chart.encounter.meant(asserted).value,
    }
    if asserted.cue:
        shown["cue"] = asserted.cue
    if mention.ambiguous:
        shown["ambiguous"] = True
    shown["match"] = [mention.source, round(mention.score, 2), mention.term]
    shown["codes"] = [candidate(desk.book, code) for code in mention.codes[:CANDIDATES]]
    return shown


def candidate(book: CodeBook, code: str) -> str:
    """A candidate code with its description, marked with + when it needs more characters."""
    entry = book.entry(code)
    if entry is None:
        return code + "+"
    return f"{code}{'' if entry.billable else '+'} {entry.description}"
