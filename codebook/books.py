"""Which books there are: what each is called, who publishes it, how often, and what holds of its dates."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from records.base import Record

Cadence = Literal["fiscal", "quarter", "year"]


class Book(Record):
    """One book. ``cadence`` says how long a release is in force when its file names only its beginning: to the end of the
    federal fiscal year, of the quarter or of the calendar year.

    ``cumulative`` books carry the dates of each edit, past ones included, so that a later release answers for earlier dates.
    ``forms`` are the forms it is published in, the one with the most to say first.
    """

    id: str
    title: str
    publisher: str
    cadence: Cadence
    cumulative: bool = False
    forms: tuple[str, ...] = ("",)
    needed_for: str


@cache
def books() -> dict[str, Book]:
    """Every book, by its id, in the order it is shown."""
    raw = tomllib.loads(files("codebook").joinpath("data", "books.toml").read_text("utf-8"))
    return {row["id"]: Book.model_validate(row) for row in raw["book"]}
