"""The second witness: an order file or code list and the Tabular List of the same dates must name the same codes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from codebook import holdings, shelf, store
from codebook.release import Release

BOOK = "icd10cm_codes"


class Difference(NamedTuple):
    """What one list names and the Tabular List of the same first date does not (``extra``), and the other way (``missing``)."""

    witness: str
    tabular: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def differences() -> list[Difference]:
    """Every held list beside the Tabular List of its date; a list whose Tabular List is not held is not among them."""
    return [found for path, release in holdings.whole(BOOK) if (found := difference(path, release)) is not None]


def difference(path: Path, release: Release) -> Difference | None:
    """A list beside the Tabular List of its first date; None when that is not held."""
    for beside, its in shelf.held().items():
        if its.start == release.start:
            printed = {code.replace(".", "") for code in _billable(beside, "entry")}
            listed = set(_billable(path, "code"))
            return Difference(release.id, its.id, tuple(sorted(printed - listed)), tuple(sorted(listed - printed)))
    return None


def _billable(path: Path, table: str) -> list[str]:
    connection = store.open_read_only(path)
    try:
        return [code for (code,) in connection.execute(f"SELECT code FROM {table} WHERE billable")]
    finally:
        connection.close()
