"""The complete lists of major complications (Table 6I) and complications (Table 6J) of the IPPS final rule, as text.

A line that names the table, a heading, then a code and its title a line, divided by a tab. The tables of additions and
deletions look the same and are published beside them. Titles are not stored: the Tabular List has them.
"""

from __future__ import annotations

import re

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import normalise
from codebook.release import BookError, NotARelease
from codebook.store import rows

SCHEMA = "CREATE TABLE code (code TEXT PRIMARY KEY) WITHOUT ROWID;"
_COMPLETE = re.compile(r"\btable\s+6[ij]\b.*\bcomplete\s+(m?cc)\s+list\b", re.IGNORECASE)
_CHANGES = re.compile(r"\btable\s+6[ij]\.\d\b.*\b(?:additions|deletions)\b", re.IGNORECASE)
_YEAR = re.compile(r"\bFY\s*(20\d\d)\b", re.IGNORECASE)
_HEADING = "diagnosis code"
# Where the lists begin and end, by the first character of their codes, since FY2021.
_ENDS = {"mcc": ("A", "U"), "cc": ("A", "Z")}


def read(source: Source) -> Intake | None:
    """The list in a file; None when the file is something else. BookError when it is one but not whole."""
    title = source.head[0] if source.head else ""
    if _CHANGES.search(title):
        raise NotARelease("the file lists changes of a CC or MCC list, not the list")
    named = _COMPLETE.search(title)
    if named is None:
        return None
    book = named[1].lower()
    codes, left = _codes(source, title)
    if len(set(codes)) < len(codes):
        raise BookError(f"the {named[1].upper()} list holds a code twice")
    first, last = _ENDS[book]
    if not codes or codes[0][0] != first or codes[-1][0] != last:
        raise BookError(f"the {named[1].upper()} list is not whole: it does not reach from {first} codes to {last} codes")
    year = _YEAR.search(title)
    content = rows(SCHEMA, "code", [(code,) for code in codes], left)
    return Intake(book, content, source.name, fiscal_year=int(year[1]) if year else None)


def _codes(source: Source, title: str) -> tuple[list[str], list[tuple[str, str]]]:
    codes: list[str] = []
    left: list[tuple[str, str]] = []
    for number, line in enumerate(source.lines, 1):
        written, tab, words = line.partition("\t")
        code = normalise(written.strip(' "')) if tab and words.strip() else None
        if code is not None:
            codes.append(code)
        elif not line.strip():
            continue
        elif codes:
            raise BookError(f"line {number} is not a code and its title: the file is cut short or corrupt")
        elif line != title and not written.strip(' "').lower().startswith(_HEADING):
            left.append(("heading", line.strip()))
    return codes, left
