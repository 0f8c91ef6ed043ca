"""ICD-10-PCS by date: is a code one, what is its title, and where it leaves the tables if it is not."""

from __future__ import annotations

from datetime import date

from codebook import holdings
from codebook.answer import Answer

BOOK = "icd10pcs"
LENGTH = 7
AXES = ("section", "body_system", "root_operation", "body_part", "approach", "device", "qualifier")


class Procedure(Answer):
    """What the tables say of a code. ``table`` is the title of its table of three characters, where the release has titles.

    An invalid code has ``wrong_axis``, the first of its seven characters that no code with the same beginning has, and
    ``possible``, the values that may stand there; a code of another length has neither.
    """

    code: str
    valid: bool = False
    title: str = ""
    table: str = ""
    wrong_axis: str = ""
    possible: tuple[str, ...] = ()


def procedure(code: str, on: date) -> Procedure:
    """What the release of a date says of an ICD-10-PCS code; ``held`` is False when none is held."""
    written = code.strip().upper().replace(".", "")
    found = holdings.find(BOOK, on)
    if found is None:
        return Procedure(code=written)
    read = found.connection.execute
    row = read("SELECT title FROM code WHERE code = ? AND billable", (written,)).fetchone()
    table = read("SELECT title FROM code WHERE code = ? AND NOT billable", (written[:3],)).fetchone()
    axis, possible = ("", ()) if row or len(written) != LENGTH else _leaves(found, written)
    return Procedure(
        code=written,
        valid=row is not None,
        title=row[0] if row else "",
        table=table[0] if table else "",
        wrong_axis=axis,
        possible=possible,
        release=found.release.id,
        in_force=found.in_force,
    )


def _leaves(found: holdings.Found, code: str) -> tuple[str, tuple[str, ...]]:
    for place in range(LENGTH):
        start = code[:place]
        rows = found.connection.execute(
            "SELECT DISTINCT substr(code, ?, 1) FROM code WHERE billable AND code >= ? AND code < ? ORDER BY 1",
            (place + 1, start, f"{start}~"),
        )
        possible = tuple(value for (value,) in rows)
        if code[place] not in possible:
            return AXES[place], possible
    return "", ()
