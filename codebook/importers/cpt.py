"""CPT from the licensee's own file: numbers with their descriptors, tab-delimited, CSV or number and words on a line.

CPT is the American Medical Association's. What is read here stays in the operator's ``CHARTPROOF_HOME``.
"""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError
from codebook.store import rows

SCHEMA = "CREATE TABLE cpt (code TEXT PRIMARY KEY, description TEXT NOT NULL) WITHOUT ROWID;"
_CODE = re.compile(r"\d{4}[0-9AFMTU]")
_LINE = re.compile(r'"?(\d{4}[0-9AFMTU])"?(?:[\t, ]+(.*))?')
_ENOUGH = 5
# Five digits begin the lines of many lists: the file, or its name, says that it is CPT.
_SAYS_SO = re.compile(
    r"(?<![a-z])cpt(?![a-z])|american medical association|(?<![a-z])(?:long|medu|short)u?lt|consumer|clinician", re.I
)


class Row(NamedTuple):
    """One code as it is stored."""

    code: str
    description: str


def read(source: Source) -> Intake | None:
    """The codes in a file; None when the file is something else. BookError when it is one but not whole."""
    head = source.head
    if not _SAYS_SO.search(f"{source.name} {source.file} {' '.join(head)}"):
        return None
    begun = [bool(_LINE.fullmatch(line)) for line in head]
    # Below the copyright and a heading nothing but codes may stand.
    if sum(begun) < min(_ENOUGH, len(head)) or not head or not all(begun[begun.index(True) :]):
        return None
    found: list[Row] = []
    left: list[tuple[str, str]] = []
    for number, line in enumerate(source.lines, 1):
        if not line.strip():
            continue
        row = _row(line)
        if row is not None:
            found.append(row)
        elif found:
            raise BookError(f"line {number} is not a CPT code and its descriptor: the file is cut short or corrupt")
        else:
            left.append(("heading", line.strip()))
    if len({row.code for row in found}) < len(found):
        raise BookError("the CPT file holds a code twice")
    return Intake("cpt", rows(SCHEMA, "cpt", found, left), source.name)


def _row(line: str) -> Row | None:
    if not _LINE.fullmatch(line):
        return None
    if "\t" not in line and '"' not in line and not re.match(r".{5},", line):
        code, _, words = line.partition(" ")
        return Row(code, words.strip())
    cells = next(csv.reader([line], delimiter="\t" if "\t" in line else ","))
    code = cells[0].strip()
    return Row(code, " ".join(cell.strip() for cell in cells[1:] if cell.strip())) if _CODE.fullmatch(code) else None
