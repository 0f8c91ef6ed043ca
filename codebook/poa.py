"""Which codes are exempt from present-on-admission reporting: the published list, brought to references."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from codebook import holdings
from codebook.holdings import Found
from codebook.reference import covers, normalise
from records.base import Record


class _Row(Record):
    """Exempt codes by reference, less those of ``without``, with why and by which list."""

    codes: tuple[str, ...]
    without: tuple[str, ...] = ()
    reason: str
    source: str


BOOK = "poa_exempt"


def poa_exempt(code: str, on: date | None = None) -> bool:
    """Whether the code is exempt on a date: by the imported list that is in force then, else by ``poa_exempt.toml`` (its header
    names the release)."""
    found = holdings.find(BOOK, on) if on else None
    if found is None or not found.in_force:
        return _by_references(code)
    return _listed(found, normalise(code) or code)


@lru_cache(maxsize=65536)
def _listed(found: Found, code: str) -> bool:
    return found.connection.execute("SELECT 1 FROM code WHERE code = ?", (code,)).fetchone() is not None


@lru_cache(maxsize=65536)
def _by_references(code: str) -> bool:
    return any(
        any(covers(reference, code) for reference in row.codes) and not any(covers(reference, code) for reference in row.without)
        for row in _rows()
    )


@cache
def _rows() -> tuple[_Row, ...]:
    raw = tomllib.loads(files("codebook").joinpath("data", "poa_exempt.toml").read_text("utf-8"))
    return tuple(_Row.model_validate(row) for row in raw["row"])
