"""The list of codes exempt from present-on-admission reporting: tab-delimited text, with files of changes beside it."""

from __future__ import annotations

import csv
import re

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import normalise
from codebook.release import BookError, NotARelease
from codebook.store import rows

SCHEMA = "CREATE TABLE code (code TEXT PRIMARY KEY) WITHOUT ROWID;"
_HEADING = re.compile(r"order\d\d\tpoaexemptcode\tdescription\s*", re.IGNORECASE)
_CHANGES = re.compile(r"exempt[-_ ]?(?:add|delete|revise)", re.IGNORECASE)
# The list runs from sequelae of infections to status codes.
_LAST = "Z99"


def read(source: Source) -> Intake | None:
    """The list in a file; None when the file is something else. BookError when it is one but not whole."""
    if not (source.head and _HEADING.fullmatch(source.head[0])):
        return None
    if _CHANGES.search(source.name):
        raise NotARelease("the file lists changes of the POA exempt list, not the list")
    found = [_code(row, number) for number, row in enumerate(csv.reader(source.lines[1:], delimiter="\t"), 2) if any(row)]
    if not found or found[-1][:3] != _LAST:
        raise BookError(f"the POA exempt list is not whole: it does not end in {_LAST}")
    if len(set(found)) < len(found):
        raise BookError("the POA exempt list holds a code twice")
    return Intake("poa_exempt", rows(SCHEMA, "code", [(code,) for code in found]), source.name)


def _code(row: list[str], number: int) -> str:
    code = normalise(row[1]) if len(row) == 3 and row[0].isdigit() else None
    if code is None:
        raise BookError(f"line {number} is not a line of the POA exempt list: it is cut short or corrupt")
    return code
