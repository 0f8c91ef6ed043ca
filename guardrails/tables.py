"""Tables of codes that rules read: TOML files of rows, each row a set of codes with what is said of them."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import Field

from codebook.book import CodeBook
from records.base import Record


class Row(Record):
    """Codes by reference (``E11``, ``R40.21-R40.24``, ``Z68``), less those of ``without``, and the facts about them.

    ``start`` and ``end`` (inclusive) bound the dates the row is in force; ``source`` is the publication and section.
    """

    codes: tuple[str, ...] = Field(min_length=1)
    without: tuple[str, ...] = ()
    reason: str = ""
    source: str = ""
    start: date | None = None
    end: date | None = None
    partners: tuple[str, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        """Whether the row applies on that date."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    def holds(self, book: CodeBook, code: str) -> bool:
        """Whether the row speaks of that code."""
        return covers(self.codes, code) and not covers(self.without, code)


_KEPT = 200_000
_CODES_KEPT = 1_000
_HELD: dict[tuple[str, str], tuple[Row, ...]] = {}


class Covered(dict[str, bool]):
    """Which codes some references cover, by code. It is a matter of spelling alone, so each answer is worked out once."""

    def __init__(self, references: tuple[str, ...]) -> None:
        super().__init__()
        self._references = references

    def __missing__(self, code: str) -> bool:
        if len(self) >= _CODES_KEPT:
            self.clear()
        self[code] = any(CodeBook.covers(reference, code) for reference in self._references)
        return self[code]


@cache
def covered_by(references: tuple[str, ...]) -> Covered:
    """The codes these references cover."""
    return Covered(references)


def covers(references: tuple[str, ...], code: str) -> bool:
    """Whether any of the references covers the code."""
    return covered_by(references)[code]


@cache
def table(name: str) -> tuple[Row, ...]:
    """The rows of guardrails/tables/<name>.toml."""
    content = files("guardrails").joinpath("tables", f"{name}.toml").read_text(encoding="utf-8")
    return tuple(Row(**row) for row in tomllib.loads(content)["row"])


def row_of(name: str, book: CodeBook, code: str, on: date) -> Row | None:
    """The first row of the table that speaks of the code on that date, or None."""
    return next((row for row in _rows_holding(name, book, code) if row.in_force(on)), None)


def rows_of(name: str, book: CodeBook, code: str, on: date) -> tuple[Row, ...]:
    """All rows of the table that speak of the code on that date."""
    return tuple(row for row in _rows_holding(name, book, code) if row.in_force(on))


def _rows_holding(name: str, book: CodeBook, code: str) -> tuple[Row, ...]:
    key = (name, code)
    if key not in _HELD:
        if len(_HELD) >= _KEPT:
            _HELD.clear()
        _HELD[key] = tuple(row for row in table(name) if row.holds(book, code))
    return _HELD[key]
