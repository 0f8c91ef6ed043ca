"""A release: one dated publication of one book."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from records.base import Record


class BookError(Exception):
    """No book can be opened, or an official file cannot be taken in. One line for a person; it never holds chart text."""


class NotARelease(BookError):
    """The file is official, but only tells what changed since another release: it cannot be taken in by itself."""


class Publication(Record):
    """A file as it was published: enough to recognise it and to date it. ``start`` and ``end`` (inclusive) are the dates it is
    in force; ``sha256`` is the file's."""

    id: str
    book: str
    title: str
    publisher: str
    start: date
    end: date
    sha256: str


class Release(Publication):
    """One dated publication as it is held.

    ``origin`` says how it came here: with an installed package, or imported by the operator. ``form`` is the form it was
    published in, where a book has several. ``entries`` counts what it holds, ``leftover`` what of its file no reader
    understood: those texts are kept beside it, never skipped in silence.
    """

    file: str
    origin: str
    form: str = ""
    entries: int = 0
    leftover: int = 0

    def in_force(self, on: date) -> bool:
        """Whether the release is the one to code with on that date."""
        return self.start <= on <= self.end


@cache
def publications() -> dict[str, Publication]:
    """Every publication ``releases.toml`` knows, by the sha256 of its file."""
    raw = tomllib.loads(files("codebook").joinpath("data", "releases.toml").read_text("utf-8"))
    return {row["sha256"]: Publication.model_validate(row) for row in raw["publication"]}
