"""NCCI procedure-to-procedure edits in CMS's tab-delimited layout.

Seven columns an edit: column one, column two, an asterisk for pairs from before 1996, the effective date, the deletion date
or an asterisk, the modifier indicator, the rationale. CMS publishes a table in
several files, each of which is a release. Above them stand the copyright and a heading of several lines.
"""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import NamedTuple

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- finish is the deletion date, the last date in force, NULL for none
-- indicator: 0 no modifier lifts the edit, 1 one may, 9 the edit does not apply
CREATE TABLE ptp (
    column_one TEXT NOT NULL, column_two TEXT NOT NULL, start TEXT NOT NULL, finish TEXT, indicator INTEGER NOT NULL,
    rationale TEXT NOT NULL
);
CREATE INDEX ptp_pair ON ptp (column_one, column_two);
CREATE INDEX ptp_other ON ptp (column_two, column_one);
"""
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_NONE = ("", "*")
# A table is published in several files by ranges of column one: ccipra-v322r0-f1 to -f4.
_PART = re.compile(r"r\d[-_]?f(\d)(?!\d)")


class Row(NamedTuple):
    """One edit as it is stored."""

    column_one: str
    column_two: str
    start: str
    finish: str | None
    indicator: int
    rationale: str


def read(source: Source) -> Intake | None:
    """The edits in a file; None when the file is something else. BookError when it is one but not whole."""
    if not any(_is_heading(line) or _is_edit(line) for line in source.head):
        return None
    edits, left, begun = [], [], False
    for number, line in enumerate(source.lines, 1):
        begun = begun or _is_edit(line)
        if begun and line.strip():
            edits.append(_edit(line, number))
        elif line.strip() and not begun:
            left.append(("heading", line.strip()))
    part = _PART.search(source.name.lower()) or _PART.search(source.file.lower())
    return Intake(_book(source), rows(SCHEMA, "ptp", edits, left), source.name, f"f{part[1]}" if part else "")


def _is_heading(line: str) -> bool:
    cells = [cell.strip(' "').lower() for cell in line.split("\t")]
    return cells[:2] == ["column 1", "column 2"]


def _is_edit(line: str) -> bool:
    cells = line.split("\t")
    return len(cells) >= 6 and bool(_CODE.fullmatch(cells[0].strip()) and _CODE.fullmatch(cells[1].strip()))


def _edit(line: str, number: int) -> Row:
    cells = [cell.strip(' "') for cell in line.split("\t")]
    start = _date(cells[3], number) if _is_edit(line) else None
    if start is None or cells[2] not in _NONE or cells[5] not in ("0", "1", "9") or len(cells) < 7:
        raise BookError(f"line {number} is not a procedure-to-procedure edit: the file is cut short or corrupt")
    return Row(cells[0], cells[1], start, _date(cells[4], number), int(cells[5]), sys.intern(cells[6]))


def _date(written: str, number: int) -> str | None:
    if written in _NONE:
        return None
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:])).isoformat()
    except ValueError:
        raise BookError(f"line {number} has a date that is none: the file is corrupt") from None


def _book(source: Source) -> str:
    text = f"{source.name} {source.file} {' '.join(source.head)}".lower()
    if re.search(r"ccioph|hospital|outpatient|[-_]oph", text):
        return "ptp_hospital"
    if re.search(r"ccipra|practitioner|physician|[-_]pra", text):
        return "ptp_practitioner"
    raise BookError("the file does not say whether its edits are for practitioners or for hospitals: keep the publisher's name")
