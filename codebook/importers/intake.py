"""What an importer makes of an official file: which book it is, what it says of its dates, and how it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from codebook.dating import Period
from codebook.store import Content


@dataclass(frozen=True)
class Intake:
    """One book, read from its file and found whole.

    ``fiscal_year`` and ``period`` are what the file itself says of its dates, where it says so; ``name`` is the publisher's
    file name, which often says more, unless what it names is not the dates the book is in force (``named_by_date``).
    ``tables`` are the files of the same archive it was read from beside its own.
    """

    book: str
    content: Content
    name: str
    form: str = ""
    fiscal_year: int | None = None
    period: Period | None = None
    named_by_date: bool = True
    tables: tuple[str, ...] = ()
