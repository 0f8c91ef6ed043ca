"""ICD-10-CM and ICD-10-PCS as lists of codes: the order file, the codes file, and the bare list.

The order file gives, in fixed columns, a running number, the code, whether it is billable, a short and a long title; the
codes file the billable codes and their titles; the bare list every code, block and chapter by its spelling alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError, NotARelease
from codebook.store import rows

SCHEMA = """
-- headings are rows too: tables of ICD-10-PCS by their first three characters, categories of ICD-10-CM
CREATE TABLE code (code TEXT PRIMARY KEY, billable INTEGER NOT NULL, title TEXT NOT NULL) WITHOUT ROWID;
"""
_ORDER = re.compile(r"(\d{5}) ([0-9A-Z]{3,7}) +([01]) (.{60}) (.*\S)\s*")
_ORDER_HEAD = re.compile(r"\d{5} [0-9A-Z]{3,7} +[01] ")
_CODES = re.compile(r"([0-9A-Z]{3,7}) +(\S.*?)\s*")
_BARE = re.compile(r"\d{1,2}|[A-Z][0-9A][0-9A-Z](?:-[A-Z][0-9A][0-9A-Z])?|[A-Z][0-9A][0-9A-Z]{1,5}")
_CHANGES = re.compile(r"(?:Add|Delete|Revise from|Revise to): +")
_CM = re.compile(r"[A-Z](?:\d[0-9A-Z]|A\d)[0-9A-Z]{0,4}")
_PCS = re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}")
_PCS_SECTIONS = "0123456789BCDFGHX"
# U came later; every release has the other letters.
_CM_LETTERS = "ABCDEFGHIJKLMNOPQRSTVWXYZ"


class Line(NamedTuple):
    """One row of a list."""

    code: str
    billable: bool
    title: str


def read(source: Source) -> Intake | None:
    """The list in a file; None when the file is something else. BookError when it is one but not whole."""
    head = source.head
    if not head:
        return None
    if all(_CHANGES.match(line) for line in head):
        raise NotARelease("the file is a list of changes (an addendum), not a release")
    if all(_ORDER_HEAD.match(line) for line in head):
        return _intake(source, "order", list(_order(source.lines)))
    if all((found := _CODES.fullmatch(line)) and _is_code(found[1]) for line in head):
        return _intake(source, "codes", list(_codes(source.lines)))
    if head[0] == "1" and all(_BARE.fullmatch(line.strip()) for line in head):
        return _intake(source, "list", list(_list(source.text.splitlines())))
    return None


def _is_code(word: str) -> bool:
    return bool(_CM.fullmatch(word) or _PCS.fullmatch(word))


def _order(lines: Iterable[str]) -> Iterator[Line]:
    for number, line in enumerate(filter(str.strip, lines), 1):
        found = _ORDER.fullmatch(line)
        if found is None:
            raise BookError(f"line {number} is not a line of an order file: it is cut short or corrupt")
        if int(found[1]) != number:
            raise BookError(f"line {number} is numbered {found[1]}: lines are missing or out of order")
        yield Line(found[2], found[3] == "1", found[5])


def _codes(lines: Iterable[str]) -> Iterator[Line]:
    for number, line in enumerate(filter(str.strip, lines), 1):
        found = _CODES.fullmatch(line)
        if found is None or not _is_code(found[1]):
            raise BookError(f"line {number} is not a line of a codes file: it is cut short or corrupt")
        yield Line(found[1], True, found[2])


def _list(lines: Iterable[str]) -> Iterator[Line]:
    words = [line.strip() for line in lines if line.strip()]
    for number, word in enumerate(words, 1):
        if not _BARE.fullmatch(word):
            raise BookError(f"line {number} is not a code: it is cut short or corrupt")
        if _CM.fullmatch(word):
            # The list holds every code, so one that no other begins with is complete.
            below = number < len(words) and words[number].startswith(word) and words[number] != word
            yield Line(word, not below, "")


def _intake(source: Source, form: str, found: list[Line]) -> Intake:
    billable = [line.code for line in found if line.billable]
    procedures = all(_PCS.fullmatch(code) for code in billable)
    if not procedures and not all(_CM.fullmatch(code) for code in billable):
        raise BookError("the file mixes what are ICD-10-CM codes with what are not")
    wanted = _PCS_SECTIONS if procedures else _CM_LETTERS
    missing = sorted(set(wanted) - {code[0] for code in billable})
    if missing:
        raise BookError(f"the list is not whole: it has no codes that begin with {', '.join(missing[:5])}")
    codes = [line.code for line in found]
    # A block of one category has the category's name in the bare list.
    unique = {line.code: line for line in found} if form == "list" else None
    if unique is None and len(set(codes)) < len(codes):
        raise BookError("the list holds a code twice")
    kept = list(unique.values()) if unique is not None else found
    return Intake("icd10pcs" if procedures else "icd10cm_codes", rows(SCHEMA, "code", kept), source.name, form)
