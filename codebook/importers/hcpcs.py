"""HCPCS Level II: CMS's fixed-width records, and a bare list of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- finish is the last date the code may be used, NULL for none; added is when it came
CREATE TABLE hcpcs (code TEXT PRIMARY KEY, description TEXT NOT NULL, added TEXT, finish TEXT) WITHOUT ROWID;
"""
_CODE = re.compile(r"[A-V]\d{4}")
_RECORD = re.compile(r"(?:[A-V]\d{4}|   [0-9A-Z]{2})\d{5}[3478]")
_FIRST_OF_CODE, _FIRST_OF_MODIFIER = "3", "7"
_KIND, _LONG, _ADDED, _FINISH = 10, slice(11, 91), slice(268, 276), slice(284, 292)
# The list runs from ambulance services to vision and hearing.
_ENDS = ("A", "V")


class Row(NamedTuple):
    """One code, or one modifier of two characters, as it is stored."""

    code: str
    description: str
    added: str | None
    finish: str | None


def read(source: Source) -> Intake | None:
    """The list in a file; None when the file is something else. BookError when it is one but not whole."""
    if source.head and all(_CODE.fullmatch(line.strip()) for line in source.head):
        return _intake(source, "list", list(_list(source.lines)))
    if source.head and all(_RECORD.match(line) for line in source.head):
        return _intake(source, "records", list(_records(source.lines)))
    return None


def _intake(source: Source, form: str, found: list[Row]) -> Intake:
    codes = [row.code for row in found]
    if len(set(codes)) < len(codes):
        raise BookError("the HCPCS list holds a code twice")
    letters = {code[0] for code in codes if _CODE.fullmatch(code)}
    if not set(_ENDS) <= letters:
        raise BookError("the HCPCS list is not whole: it does not reach from A codes to V codes")
    return Intake("hcpcs", rows(SCHEMA, "hcpcs", found), source.name, form)


def _list(lines: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            if not _CODE.fullmatch(line.strip()):
                raise BookError(f"line {number} is not a HCPCS code: the file is cut short or corrupt")
            yield Row(line.strip(), "", None, None)


def _records(lines: list[str]) -> Iterator[Row]:
    current: Row | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not _RECORD.match(line):
            raise BookError(f"line {number} is not a HCPCS record: the file is cut short or corrupt")
        kind, code = line[_KIND], line[:5].strip()
        if kind in (_FIRST_OF_CODE, _FIRST_OF_MODIFIER):
            if current is not None:
                yield current
            current = Row(code, line[_LONG].strip(), _day(line[_ADDED], number), _day(line[_FINISH], number))
        elif current is None or current.code != code:
            raise BookError(f"line {number} goes on with a record that is not there: lines are missing")
        else:
            current = current._replace(description=f"{current.description} {line[_LONG].strip()}")
    if current is not None:
        yield current


def _day(written: str, number: int) -> str | None:
    if not written.strip():
        return None
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:])).isoformat()
    except ValueError:
        raise BookError(f"line {number} has a date that is none: the file is corrupt") from None
