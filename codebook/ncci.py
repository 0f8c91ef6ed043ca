"""The published NCCI edits by date: units (MUE), pairs (PTP) and add-on codes, each for the setting it was published for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from codebook import holdings
from codebook.answer import Answer
from codebook.holdings import Found

Setting = Literal["practitioner", "hospital", "supplier"]
ADD_ONS = "ncci_add_on"


class Mue(Answer):
    """The most units of a code; ``units`` is None when the table has no edit for it. ``adjudication_indicator``: 1 a claim
    line, 2 a date of service by policy, 3 a date of service by clinical data."""

    code: str
    units: int | None = None
    adjudication_indicator: int | None = None
    rationale: str = ""


class PtpEdit(Answer):
    """The edit of a pair, either way round; ``column_two`` is the code that is not paid. ``edited`` is False when the table
    has none in force on the date. ``modifier_indicator``: 0 no modifier lifts it, 1 one may; 9 is no edit."""

    edited: bool = False
    column_one: str = ""
    column_two: str = ""
    modifier_indicator: int | None = None
    start: date | None = None
    finish: date | None = None
    rationale: str = ""


class AddOn(Answer):
    """Whether a code is an add-on code on the date. ``primaries`` are those of which one must be there; ``by_contractor`` says
    that others may be, as the contractor defines (types 2 and 3)."""

    code: str
    add_on: bool = False
    types: tuple[int, ...] = ()
    primaries: frozenset[str] = frozenset()
    by_contractor: bool = False


def mue(code: str, on: date, setting: Setting) -> Mue:
    """The MUE of a code; ``held`` is False when no table of the setting is held for the date."""
    found = holdings.find(f"mue_{setting}", on)
    if found is None:
        return Mue(code=code)
    row = found.connection.execute("SELECT units, indicator, rationale FROM mue WHERE code = ?", (code.upper(),)).fetchone()
    units, indicator, rationale = row or (None, None, "")
    return Mue(
        code=code,
        units=units,
        adjudication_indicator=indicator,
        rationale=rationale,
        release=found.release.id,
        in_force=found.in_force,
    )


def ptp_edit(one: str, other: str, on: date, setting: Setting) -> PtpEdit:
    """The edit of a pair of codes; ``held`` is False when no table of the setting is held for the date, or when those of its
    files that are held are not the ones the pair would stand in."""
    files = holdings.parts(f"ptp_{setting}", on) if setting != "supplier" else ()
    orders = ((one.upper(), other.upper()), (other.upper(), one.upper()))
    for found in files:
        for first, second in orders:
            edit = _edit(found, first, second, on)
            if edit is not None:
                return edit
    if not files or not all(_within(files, first) for first, _ in orders):
        return PtpEdit()
    return PtpEdit(release=files[0].release.id, in_force=files[0].in_force)


def _edit(found: Found, first: str, second: str, on: date) -> PtpEdit | None:
    row = found.connection.execute(
        "SELECT indicator, start, finish, rationale FROM ptp WHERE column_one = ? AND column_two = ? AND start <= ? "
        "AND (finish IS NULL OR finish >= ?) AND indicator != 9 ORDER BY start DESC",
        (first, second, on.isoformat(), on.isoformat()),
    ).fetchone()
    if row is None:
        return None
    return PtpEdit(
        edited=True,
        column_one=first,
        column_two=second,
        modifier_indicator=row[0],
        start=date.fromisoformat(row[1]),
        finish=date.fromisoformat(row[2]) if row[2] else None,
        rationale=row[3],
        release=found.release.id,
        in_force=found.in_force,
    )


def _within(files: tuple[Found, ...], column_one: str) -> bool:
    """Whether a pair with this code in column one would stand in one of the files: they are cut by ranges of column one."""
    if any(not found.release.form for found in files):
        return True
    spans = {int(found.release.form[1:]): _span(found) for found in files}
    for number, (first, last) in spans.items():
        # What lies between two files that follow each other, or before the first, has no edits.
        begins = "" if number == 1 else spans[number - 1][1] if number - 1 in spans else first
        if begins <= column_one <= last:
            return True
    return False


@lru_cache(maxsize=64)
def _span(found: Found) -> tuple[str, str]:
    first, last = found.connection.execute("SELECT min(column_one), max(column_one) FROM ptp").fetchone()
    return str(first), str(last)


def add_on(code: str, on: date) -> AddOn:
    """What the add-on table says of a code; ``held`` is False when no table is held for the date."""
    found = holdings.find(ADD_ONS, on)
    if found is None:
        return AddOn(code=code)
    rows = _add_on_rows(found, code.upper(), on)
    return AddOn(
        code=code,
        add_on=bool(rows),
        types=tuple(sorted({kind for _, kind in rows})),
        primaries=frozenset(primary for primary, _ in rows if primary),
        by_contractor=any(kind != 1 for _, kind in rows),
        release=found.release.id,
        in_force=found.in_force,
    )


def _add_on_rows(found: Found, code: str, on: date) -> list[tuple[str, int]]:
    day = on.isoformat()
    return found.connection.execute(
        "SELECT primary_code, type FROM add_on WHERE code = ? AND start <= ? AND (finish IS NULL OR finish >= ?)",
        (code, day, day),
    ).fetchall()
