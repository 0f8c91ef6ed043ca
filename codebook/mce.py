"""The diagnosis lists of the Medicare Code Editor by date. They are for inpatient facility claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from codebook import holdings
from codebook.answer import Answer
from codebook.reference import normalise

BOOK = "mce"


class MceLists(Answer):
    """The lists a code is on, by their names in the release; ``ages`` gives, for those that are age edits, the youngest and
    the oldest age in whole years at which the code passes."""

    code: str
    lists: tuple[str, ...] = ()
    ages: Mapping[str, tuple[int, int]] = {}


def mce_lists(code: str, on: date) -> MceLists:
    """The lists a diagnosis code is on; ``held`` is False when the Medicare Code Editor's lists are not held for the date."""
    written = normalise(code) or code
    found = holdings.find(BOOK, on)
    if found is None:
        return MceLists(code=written)
    rows = found.connection.execute("SELECT list, youngest, oldest FROM edit WHERE code = ? ORDER BY list", (written,)).fetchall()
    return MceLists(
        code=written,
        lists=tuple(name for name, _, _ in rows),
        ages={name: (youngest, oldest) for name, youngest, oldest in rows if youngest is not None},
        release=found.release.id,
        in_force=found.in_force,
    )
