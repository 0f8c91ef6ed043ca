"""The mapping of ICD-10-CM codes to the condition categories of CMS's risk adjustment models, as CSV.

Above the heading stand a title and the fiscal years its codes are valid in. The heading names a column a model ("CMS-HCC Model
Category V28") and, for each, whether the model pays for the code in a payment year ("... for 2026 Payment Year"). A code of two
categories has two rows, with dashes where a model has only one. Below the table stand notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from codebook.dating import Period
from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import normalise
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- paid is whether the model counts the code in the payment year of the flags
CREATE TABLE category (
    code TEXT NOT NULL, model TEXT NOT NULL, hcc INTEGER NOT NULL, paid INTEGER NOT NULL, PRIMARY KEY (code, model, hcc)
) WITHOUT ROWID;
"""
_MODEL = re.compile(r"\b(ESRD|CMS-HCC|RxHCC)\b")
_VERSION = re.compile(r"\bV(\d\d)\b")
_FLAG = re.compile(r"\bfor (20\d\d) Payment Year$")
_NAMED_YEAR = re.compile(r"(20\d\d)[-_ ]+(initial|mid-?year|final)", re.IGNORECASE)
_PAID = {"Yes": 1, "No": 0, "--": 0}
# The mapping runs from infections to status codes.
_LAST = "Z"


class Row(NamedTuple):
    """One category of a code as it is stored."""

    code: str
    model: str
    hcc: int
    paid: int


class _Columns(NamedTuple):
    """Which column holds the categories of a model, and which says whether they are paid for; the years of those."""

    categories: dict[str, int]
    flags: dict[str, int]
    years: frozenset[int]
    width: int


def read(source: Source) -> Intake | None:
    """The mapping in a file; None when the file is something else. BookError when it is one but not whole."""
    if not any("HCC" in line for line in source.head):
        return None
    table = source.table
    heading = next((n for n, row in enumerate(table[:20]) if len(row) > 2 and _flat(row[0]) == "Diagnosis Code"), None)
    if heading is None:
        return None
    columns = _columns([_flat(cell) for cell in table[heading]])
    found, left = _rows(table[heading + 1 :], columns, heading + 2)
    if not found or found[-1].code[0] != _LAST:
        raise BookError(f"the HCC mapping is not whole: it does not end in {_LAST} codes")
    year, form = _payment_year(source, columns)
    # The risk scores of a payment year rest on diagnoses of the calendar year before it.
    period = Period(date(year - 1, 1, 1), date(year - 1, 12, 31))
    above = [("heading", " ".join(filter(None, row))) for row in table[:heading] if any(row)]
    content = rows(SCHEMA, "category", sorted(set(found)), [*above, *left])
    return Intake("hcc", content, source.name, form, period=period, named_by_date=False)


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _columns(heading: Sequence[str]) -> _Columns:
    categories: dict[str, int] = {}
    flags: dict[str, int] = {}
    years: set[int] = set()
    for place, cell in enumerate(heading):
        kinds, version, flag = _MODEL.findall(cell), _VERSION.search(cell), _FLAG.search(cell)
        if not kinds or version is None:
            continue
        model = f"{'CMS-HCC ESRD' if 'ESRD' in kinds else kinds[0]} V{version[1]}"
        (flags if flag else categories)[model] = place
        years |= {int(flag[1])} if flag else set()
    if not categories or set(categories) != set(flags):
        raise BookError("the heading of the HCC mapping does not name a category and a payment year for each model")
    return _Columns(categories, flags, frozenset(years), len(heading))


def _rows(table: Sequence[Sequence[str]], columns: _Columns, first: int) -> tuple[list[Row], list[tuple[str, str]]]:
    found: list[Row] = []
    left: list[tuple[str, str]] = []
    below = False
    for number, row in enumerate(table, first):
        below = below or not any(row)
        if below:
            left += [("note below the table", " ".join(filter(None, row)))] if any(row) else []
            continue
        code = normalise(row[0])
        if code is None or len(row) != columns.width:
            raise BookError(f"row {number} of the HCC mapping is not a code and its categories: it is cut short or corrupt")
        found += [_category(code, model, row[place], row[columns.flags[model]]) for model, place in _mapped(row, columns)]
    if not below:
        raise BookError("the HCC mapping is not whole: the notes below the table are missing")
    return found, left


def _mapped(row: Sequence[str], columns: _Columns) -> list[tuple[str, int]]:
    return [(model, place) for model, place in columns.categories.items() if row[place].strip() not in ("", "--")]


def _category(code: str, model: str, hcc: str, paid: str) -> Row:
    if not hcc.strip().isdigit() or paid.strip() not in _PAID:
        raise BookError(f"{code} in the HCC mapping has a category or a payment flag that is none: the file is corrupt")
    return Row(code, model, int(hcc), _PAID[paid.strip()])


def _payment_year(source: Source, columns: _Columns) -> tuple[int, str]:
    """The payment year and which run of it the mapping is for, by the publisher's name: the first run of a year has been
    published with the flags of the year before."""
    named = _NAMED_YEAR.search(source.name) or _NAMED_YEAR.search(source.file)
    if named is None:
        raise BookError("the file does not say for which payment year it is: keep the publisher's name (2026 Midyear Final ...)")
    year, initial = int(named[1]), named[2].lower() == "initial"
    if not columns.years <= ({year, year - 1} if initial else {year}):
        flags = ", ".join(str(one) for one in sorted(columns.years))
        raise BookError(f"the file is of payment year {flags}, its name says {year}: one of them is wrong")
    return year, "initial" if initial else "final"
