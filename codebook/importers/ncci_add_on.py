"""NCCI add-on code edits: CMS's tab-delimited text, and the same as JSON."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from codebook.dating import Period, said_in_name
from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- type 1 has its primaries listed; those of type 2 and 3 are the contractor's, 3 beside listed ones; primary_code '' for those
CREATE TABLE add_on (
    code TEXT NOT NULL, primary_code TEXT NOT NULL, type INTEGER NOT NULL, start TEXT NOT NULL, finish TEXT, note TEXT NOT NULL
);
CREATE INDEX add_on_code ON add_on (code);
"""
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_BY_CONTRACTOR = "CCCCC"
_HEADINGS = {
    "aocedittype": "type",
    "addoncode": "code",
    "primarycode": "primary_code",
    "aoceditdeldt": "finish",
    "aoceditenddt": "finish",
    "aocediteffdt": "start",
    "aocdeldt": "code_deleted",
    "primarycodedeldt": "primary_deleted",
    "specialinstructionnotes": "note",
}


class Row(NamedTuple):
    """One edit as it is stored."""

    code: str
    primary_code: str
    type: int
    start: str
    finish: str | None
    note: str


def read(source: Source) -> Intake | None:
    """The edits in a file; None when the file is something else. BookError when it is one but not whole."""
    if source.is_json and '"AOC"' in source.text[:4096]:
        return _read_json(source)
    heading = next((number for number, line in enumerate(source.head) if "code" in _columns(line)), None)
    if heading is not None and {"type", "primary_code"} <= set(_columns(source.head[heading])):
        return _read_text(source, source.head[heading])
    return None


def _read_json(source: Source) -> Intake:
    value = source.json
    edits, files = [], set()
    for number, one in enumerate(value if isinstance(value, list) else [], 1):
        try:
            start, end = str(one["effective_date"]), str(one["end_date"])
            edits.append(_row(one["code1"], one["code2"], one["modifier"], start, end, str(one["description"]), number))
            files.add(str(one["metadata"]["source_file"]))
        except (KeyError, TypeError):
            raise BookError(f"entry {number} is not an add-on edit") from None
    if len(files) != 1:
        raise BookError("the add-on edits do not say from which one published file they are")
    return _intake(source, edits, said_in_name(files.pop(), "quarter"))


def _read_text(source: Source, heading: str) -> Intake:
    columns = _columns(heading)
    edits: list[Row] = []
    left: list[tuple[str, str]] = []
    begun = False
    for number, line in enumerate(source.lines, 1):
        cells = [cell.strip(' "') for cell in line.split("\t")]
        if begun and any(cells):
            edits.append(_edit(dict(zip(columns, cells, strict=False)), number))
        elif any(cells) and line != heading:
            left.append(("heading", line.strip()))
        begun = begun or line == heading
    return _intake(source, edits, None, left)


def _edit(cells: dict[str, str], number: int) -> Row:
    # An edit ends with itself, its add-on code or its primary code, whichever is first.
    ends = [end for name in ("finish", "code_deleted", "primary_deleted") if (end := _day(cells.get(name, ""), number))]
    start = _day(cells.get("start", ""), number)
    given = (cells.get("code", ""), cells.get("primary_code", ""), cells.get("type", ""))
    return _row(*given, start, min(ends, default=""), cells.get("note", ""), number)


def _intake(source: Source, edits: list[Row], period: Period | None, left: list[tuple[str, str]] | None = None) -> Intake:
    return Intake("ncci_add_on", rows(SCHEMA, "add_on", edits, left or ()), source.name, period=period)


def _row(code: Any, primary: Any, kind: Any, start: str, end: str, note: str, number: int) -> Row:
    primary = "" if primary == _BY_CONTRACTOR else primary
    try:
        first = date.fromisoformat(start).isoformat()
        last = date.fromisoformat(end).isoformat() if end else None
    except ValueError:
        raise BookError(f"add-on edit {number} has a date that is none") from None
    whole = _CODE.fullmatch(str(code)) and (primary == "" or _CODE.fullmatch(str(primary))) and str(kind) in ("1", "2", "3")
    if not whole:
        raise BookError(f"add-on edit {number} has no add-on code, primary code and type")
    return Row(str(code), str(primary), int(kind), first, last, note)


def _columns(line: str) -> list[str]:
    bare = [re.sub(r"[^a-z]", "", cell.lower()) for cell in line.split("\t")]
    return [_HEADINGS.get(cell.removesuffix("julian"), cell) for cell in bare]


def _day(written: str, number: int) -> str:
    """A date written as year and day of the year, or as year, month and day; empty for none."""
    if not written.strip("0*"):
        return ""
    try:
        if len(written) == 7:
            return (date(int(written[:4]), 1, 1) + timedelta(days=int(written[4:]) - 1)).isoformat()
        return date(int(written[:4]), int(written[4:6]), int(written[6:])).isoformat()
    except ValueError:
        raise BookError(f"add-on edit {number} has a date that is none") from None
