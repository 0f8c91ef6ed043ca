"""The Alphabetic Index and its tables, as far as imported: every line of them with the codes it leads to.

They help to find and never decide: a line counts only where its code is in the book it is read for, so that the index of
another year may be used, and ``older`` then says which one was.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from codebook import holdings
from codebook.release import Release

if TYPE_CHECKING:
    from codebook.book import CodeBook

_DISEASES, _CAUSES, _NEOPLASMS, _DRUGS = BOOKS = ("icd10cm_index", "icd10cm_external", "icd10cm_neoplasm", "icd10cm_drug")
_STEPS_AT_MOST = 3
# "see condition" sends to whatever the words name, "see Neoplasm, by site" to a table: neither is a place in the index.
_TERM = "SELECT id, parent, title, modifiers, code, manifestation, see, cells, folded FROM term ORDER BY id"


class Line(NamedTuple):
    """A line: the code or heading it leads to, its words from the main term down, and those that may stand beside them."""

    code: str
    text: str
    nonessential: str
    book: str


class _Row(NamedTuple):
    id: int
    parent: int
    title: str
    modifiers: str
    code: str
    manifestation: str
    see: str
    cells: str
    folded: str


def found(book: CodeBook) -> list[holdings.Found]:
    """The releases of the index and its tables that serve a book."""
    return [one for name in BOOKS if (one := holdings.find(name, book.release.start)) is not None]


def identity(book: CodeBook) -> str:
    """What is built with the index is built again when this changes; empty while none is imported."""
    return " ".join(one.release.sha256 for one in found(book))


def older(book: CodeBook) -> list[Release]:
    """Those that are of another time than the book."""
    return [one.release for one in found(book) if not one.in_force]


def lines(book: CodeBook) -> Iterator[Line]:
    """Every line that leads to a code or heading of the book, in the order of the index."""
    for one in found(book):
        for line in _lines(one):
            code = book.normalise(line.code.rstrip("-.")) if line.code else None
            if code is not None and book.entry(code) is not None:
                yield line._replace(code=code)


def _lines(one: holdings.Found) -> Iterator[Line]:
    name = one.release.book
    terms = _Terms(one.connection)
    for row in terms.rows.values():
        text, beside = terms.words(row)
        for code in terms.codes(row):
            yield Line(code, text, beside, name)
        for column, code in json.loads(row.cells).items():
            yield Line(code, f"{text}, {column}", beside, name)


class _Terms:
    """The terms of one release, by number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.rows = {row[0]: _Row(*row) for row in connection.execute(_TERM)}
        self._below: dict[int, list[_Row]] = defaultdict(list)
        for row in self.rows.values():
            self._below[row.parent].append(row)
        self._main: dict[str, _Row] = {}
        for row in self._below[0]:
            # "Abnormal, abnormality, abnormalities" is looked up by any of its forms.
            for form in (row.folded, *row.folded.split(", ")):
                self._main.setdefault(form, row)

    def words(self, row: _Row) -> tuple[str, str]:
        """The titles from the main term down, and the nonessential modifiers of all of them."""
        titles, beside = [row.title], json.loads(row.modifiers)
        while row.parent:
            row = self.rows[row.parent]
            titles.append(row.title)
            beside += json.loads(row.modifiers)
        return ", ".join(title for title in reversed(titles) if title), " ".join(beside)

    def codes(self, row: _Row) -> list[str]:
        """The codes a term gives, with its manifestation; where it only says "see", those it sends to."""
        for _ in range(_STEPS_AT_MOST):
            if row.code or not row.see:
                break
            sent = self._sent_to(row.see)
            if sent is None:
                return []
            row = sent
        return [code for code in (row.code, row.manifestation) if code]

    def _sent_to(self, reference: str) -> _Row | None:
        """The term a reference names ("Pain, abdominal"); None when it names none of this index."""
        parts = [" ".join(part.split()) for part in reference.casefold().split(",") if part.strip()]
        if not parts:
            return None
        at = self._main.get(parts[0])
        for part in parts[1:]:
            below = self._below[at.id] if at else []
            at = next((row for row in below if row.folded == part), None) or next(
                (row for row in below if part in row.folded.split(", ")), None
            )
        return at
