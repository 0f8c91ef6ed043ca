"""HCPCS and CPT by date: is a code one. Level II comes from CMS, level I (CPT) from the licensee's own file."""

from __future__ import annotations

import re
from datetime import date

from codebook import holdings
from codebook.answer import Answer

LEVEL_TWO, CPT = "hcpcs", "cpt"
_LEVEL_TWO = re.compile(r"[A-V]\d{4}")
_CPT = re.compile(r"\d{4}[0-9AFMTU]")


class Service(Answer):
    """What the lists say of a code. ``system`` is the list it belongs to by its shape, empty for a code of neither shape.

    A code that was dropped is not valid from the day after ``finish``; ``description`` is empty where a release has none.
    """

    code: str
    system: str = ""
    valid: bool = False
    description: str = ""
    finish: date | None = None


def service(code: str, on: date) -> Service:
    """What the list of a date says of a HCPCS or CPT code; ``held`` is False when that list is not held."""
    written = code.strip().upper()
    system = LEVEL_TWO if _LEVEL_TWO.fullmatch(written) else CPT if _CPT.fullmatch(written) else ""
    found = holdings.find(system, on) if system else None
    if found is None:
        return Service(code=written, system=system)
    if system == CPT:
        row = found.connection.execute("SELECT description, NULL, NULL FROM cpt WHERE code = ?", (written,)).fetchone()
    else:
        row = found.connection.execute("SELECT description, added, finish FROM hcpcs WHERE code = ?", (written,)).fetchone()
    description, added, finish = row or ("", None, None)
    valid = row is not None and (added is None or added <= on.isoformat()) and (finish is None or on.isoformat() <= finish)
    return Service(
        code=written,
        system=system,
        valid=valid,
        description=description,
        finish=date.fromisoformat(finish) if finish else None,
        release=found.release.id,
        in_force=found.in_force,
    )


def modifier(code: str, on: date) -> Service:
    """What the Level II list of a date says of a modifier; a bare list of codes knows of none and is as if it were not held."""
    written = code.strip().upper()
    found = holdings.find(LEVEL_TWO, on)
    if found is None or found.release.form == "list":
        return Service(code=written, system=LEVEL_TWO)
    row = found.connection.execute("SELECT description, finish FROM hcpcs WHERE code = ?", (written,)).fetchone()
    valid = row is not None and (row[1] is None or on.isoformat() <= row[1])
    return Service(
        code=written,
        system=LEVEL_TWO,
        valid=valid,
        description=row[0] if row else "",
        finish=date.fromisoformat(row[1]) if row and row[1] else None,
        release=found.release.id,
        in_force=found.in_force,
    )
