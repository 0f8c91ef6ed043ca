"""The Alphabetic Index of a book, as far as imported: every term with the codes it leads to.

Four parts, each imported by itself: diseases, external causes, the Table of Neoplasms and the Table of Drugs. They help to
find and never decide: a term counts only where its code is in the book it is read for, so that a part of another year may be
used, and ``older`` then says which one was.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from codebook import holdings
from codebook.importers.icd10cm_index import Term, fold
from codebook.release import Release
from codebook.tabular import TabularList

DISEASES = "icd10cm_index"
PARTS = (DISEASES, "icd10cm_external", "icd10cm_neoplasm", "icd10cm_drug")
_STEPS_AT_MOST = 3
_TERMS = f"SELECT {', '.join(Term._fields)} FROM term ORDER BY id"
_FORMS = re.compile(r",\s+")
_SAME_WORD = 3


class IndexTerm(NamedTuple):
    """A term and one code or heading of the book that it leads to: its default code, its manifestation's, or that of a column.

    ``path`` are the titles from the main term down, the column last; ``modifiers`` the nonessential ones of all of them, which
    may stand beside the term and need not. ``via`` is the cross reference that leads to the code, empty when the term holds it.
    A heading is what the index prints with a dash: the book says which characters follow.
    """

    part: str
    path: tuple[str, ...]
    modifiers: tuple[str, ...]
    code: str
    via: str = ""


def parts(book: TabularList) -> list[holdings.Found]:
    """The releases that serve a book: of each part the one in force, else the latest before it, else the first after."""
    return [found for part in PARTS if (found := _part(part, book)) is not None]


def _part(part: str, book: TabularList) -> holdings.Found | None:
    held, on = holdings.of_book(part), book.release.start
    found = holdings.find(part, on) or (holdings.find(part, held[0].release.start) if held else None)
    return found._replace(in_force=found.release.in_force(on)) if found else None


def identity(book: TabularList) -> str:
    """What is built with the index is built again when this changes; empty while none is imported."""
    return " ".join(found.release.sha256 for found in parts(book))


def older(book: TabularList) -> list[Release]:
    """The releases that serve a book and are of another time than it."""
    return [found.release for found in parts(book) if not found.in_force]


def index_terms(book: TabularList) -> Iterator[IndexTerm]:
    """Every term that leads to a code or heading of the book, in the order of the index."""
    for found in parts(book):
        for term in _Part(found.release.book, found.connection).terms():
            code = book.normalise(term.code.rstrip("-."))
            if code is not None and book.entry(code) is not None:
                yield term._replace(code=code)


class _Part:
    """The rows of one part, by number, and below each other."""

    def __init__(self, name: str, connection: sqlite3.Connection) -> None:
        self._name = name
        self._rows = {row[0]: Term(*row) for row in connection.execute(_TERMS)}
        self._below: dict[int, dict[str, Term]] = defaultdict(dict)
        for row in self._rows.values():
            for form in forms(row.folded):
                self._below[row.parent].setdefault(form, row)

    def terms(self) -> Iterator[IndexTerm]:
        """Every term with each of its codes; where it has none of its own, with those of the place it sends to."""
        for row in self._rows.values():
            path, modifiers = self._path(row)
            place, via = self._followed(row)
            for column, code in _codes(place):
                yield IndexTerm(self._name, (*path, column) if column else path, modifiers, code, via)

    def _path(self, row: Term) -> tuple[tuple[str, ...], tuple[str, ...]]:
        titles, modifiers = [row.title], json.loads(row.modifiers)
        while row.parent:
            row = self._rows[row.parent]
            titles.append(row.title)
            modifiers = json.loads(row.modifiers) + modifiers
        return tuple(title for title in reversed(titles) if title), tuple(modifiers)

    def _followed(self, row: Term) -> tuple[Term, str]:
        """The row whose codes stand for this one's, and the first reference taken to it."""
        via = ""
        for _ in range(_STEPS_AT_MOST):
            reference = row.see or row.see_also
            if _codes(row) or not reference:
                break
            sent = self._sent_to(reference)
            if sent is None:
                break
            row, via = sent, via or reference
        return row, via

    def _sent_to(self, reference: str) -> Term | None:
        """The term a reference names ("Pain, abdominal").

        None when it names none: "see condition" sends to whatever the words name, "see Neoplasm, by site" to a table.
        """
        steps = [fold(step) for step in reference.split(",") if step.strip()]
        # A main term may hold commas itself: the longest that there is comes first.
        for length in range(len(steps), 0, -1):
            row = self._below[0].get(", ".join(steps[:length]))
            for step in steps[length:]:
                row = self._below[row.id].get(step) if row else None
            if row is not None:
                return row
        return None


def _codes(row: Term) -> list[tuple[str, str]]:
    """The column and code of everything a row leads to by itself."""
    own = [("", code) for code in (row.code, row.manifestation) if code]
    return own + list(json.loads(row.cells).items())


def forms(title: str) -> list[str]:
    """A title as it may be asked for: "fall, falling" is either word, "berries, poisonous" only both."""
    folded = fold(title)
    first, *others = _FORMS.split(folded)
    alike = [one for one in others if one[:_SAME_WORD] == first[:_SAME_WORD]]
    return list(dict.fromkeys([folded, first, *alike] if len(alike) == len(others) else [folded]))
