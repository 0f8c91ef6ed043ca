"""What a code needs from its evidence: how it must be asserted, and which sections may carry it."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from records.base import Record

_TABLE = Path(__file__).parent / "data" / "needs.toml"
_CATEGORY = 3


class Need(Record):
    """What evidence has to be like before a code may rest on it.

    ``assertions`` are values of the assertion of a span; one of them must hold. ``sections`` are the kinds of section
    that may carry this code although they may not establish a diagnosis in general; None when there are none.
    ``source`` is the numbered section of the Official Guidelines.
    """

    assertions: frozenset[str]
    sections: frozenset[str] | None = None
    source: str


class _Entry(Need):
    """One row of the table: a need, and the codes it is for."""

    codes: tuple[str, ...] = ()
    shapes: tuple[str, ...] = Field(default=(), description="Regular expressions over the code without its dot.")

    def need(self) -> Need:
        return Need(assertions=self.assertions, sections=self.sections, source=self.source)


class NeedTable:
    """The needs of all codes: shapes first, then the longest prefix, then a range of categories, then the default."""

    def __init__(self, path: Path = _TABLE) -> None:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        self.default = Need.model_validate(table["default"])
        self._shapes: list[tuple[re.Pattern[str], Need]] = []
        self._prefixes: dict[str, Need] = {}
        self._ranges: list[tuple[str, str, Need]] = []
        for row in table["need"]:
            self._add(_Entry.model_validate(row))

    def _add(self, entry: _Entry) -> None:
        need = entry.need()
        self._shapes.extend((re.compile(shape), need) for shape in entry.shapes)
        for reference in entry.codes:
            first, dash, last = reference.replace(".", "").partition("-")
            if dash:
                self._ranges.append((first, last, need))
            else:
                self._prefixes[first] = need

    @property
    def needs(self) -> tuple[Need, ...]:
        """Every need the table holds, the default first."""
        return (
            self.default,
            *(need for _, need in self._shapes),
            *self._prefixes.values(),
            *(need for *_, need in self._ranges),
        )

    def find(self, code: str) -> Need:
        """The need of ``code``, with or without its dot. Every string has one: an unlisted code has the default."""
        bare = code.replace(".", "").upper()
        for shape, need in self._shapes:
            if shape.search(bare):
                return need
        for length in range(len(bare), _CATEGORY - 1, -1):
            if bare[:length] in self._prefixes:
                return self._prefixes[bare[:length]]
        category = bare[:_CATEGORY]
        return next((need for first, last, need in self._ranges if first <= category <= last), self.default)


@lru_cache(maxsize=1)
def _table() -> NeedTable:
    return NeedTable()


@lru_cache(maxsize=16384)
def need(code: str) -> Need:
    """What evidence for ``code`` has to be like. Never fails: an unlisted code needs a present condition."""
    return _table().find(code)
