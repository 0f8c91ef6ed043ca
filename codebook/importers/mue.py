"""Medically Unlikely Edits: the table as CMS publishes it (CSV), and the same as JSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from codebook.dating import Period, said_in_name
from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- indicator is the MUE adjudication indicator: 1 a line, 2 a date of service by policy, 3 a date of service by clinical data
CREATE TABLE mue (code TEXT PRIMARY KEY, units INTEGER NOT NULL, indicator INTEGER NOT NULL, rationale TEXT NOT NULL)
WITHOUT ROWID;
"""
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_INDICATOR = re.compile(r"([123])\b")
_SETTINGS = (("practitioner", "mue_practitioner"), ("outpatient", "mue_hospital"), ("hospital", "mue_hospital"))
_SUPPLIER = (("dme", "mue_supplier"), ("supplier", "mue_supplier"))
# The first and the last sections of the code set; a whole table reaches from one to the other.
_FIRST, _LAST = "0", "V"


class Row(NamedTuple):
    """One edit as it is stored."""

    code: str
    units: int
    indicator: int
    rationale: str


def read(source: Source) -> Intake | None:
    """The table in a file; None when the file is something else. BookError when it is one but not whole."""
    if source.is_json and '"mue_value"' in source.text[:4096]:
        return _intake(source, *_read_json(source))
    heading = next((number for number, line in enumerate(source.head) if "mue value" in line.lower()), None)
    if heading is not None and "\t" not in source.head[heading]:
        return _intake(source, _book(" ".join((source.name, *source.head[: heading + 1]))), list(_read_csv(source)), None)
    return None


def _intake(source: Source, book: str, found: list[Row], period: Period | None) -> Intake:
    codes = {row.code for row in found}
    if len(codes) < len(found):
        raise BookError("the MUE table holds a code twice")
    firsts = {code[0] for code in codes}
    if _FIRST not in firsts or (_LAST not in firsts and book != "mue_hospital"):
        raise BookError("the MUE table is not whole: it does not reach from the first codes to the last")
    return Intake(book, rows(SCHEMA, "mue", found), source.name, period=period)


def _book(text: str) -> str:
    lowered = text.lower()
    found = next((book for word, book in (*_SUPPLIER, *_SETTINGS) if word in lowered), None)
    if found is None:
        raise BookError("the MUE table does not say for which services it is")
    return found


def _read_json(source: Source) -> tuple[str, list[Row], Period | None]:
    value = source.json
    found, files = [], set()
    for number, one in enumerate(value if isinstance(value, list) else [], 1):
        try:
            indicator, _, rationale = str(one["description"]).partition("|")
            found.append(_row(one["code"], one["mue_value"], indicator, rationale, f"entry {number}"))
            files.add(str(one["source_file"]))
        except (KeyError, TypeError):
            raise BookError(f"entry {number} is not an MUE") from None
    if len(files) != 1:
        raise BookError("the MUE table does not say from which one published file it is")
    name = files.pop()
    # The published file's name gives the quarter; the date beside each edit is a day off in what was seen.
    return _book(name), found, said_in_name(name, "quarter")


def _read_csv(source: Source) -> Iterator[Row]:
    begun = False
    for row in csv.reader(source.lines):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not begun:
            begun = any("mue value" in " ".join(cell.lower().split()) for cell in cells)
        elif len(cells) < 4:
            raise BookError(f"the row {cells[0]} of the MUE table is cut short")
        else:
            yield _row(cells[0], cells[1], cells[2], cells[3], f"row {cells[0]}")


def _row(code: Any, units: Any, indicator: str, rationale: str, where: str) -> Row:
    adjudicated = _INDICATOR.match(indicator)
    if not (_CODE.fullmatch(str(code)) and str(units).isdigit() and adjudicated):
        raise BookError(f"{where} of the MUE table has no code, units and adjudication indicator")
    return Row(str(code), int(units), int(adjudicated[1]), rationale)
