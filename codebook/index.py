"""The Alphabetic Index of a date: main terms, their subterms, see and see also, and the codes they lead to.

Four parts, each imported by itself: diseases, external causes, the Table of Neoplasms and the Table of Drugs. A part of another
year may help to find a code, never to decide: ``in_force`` says which it is, and every code is looked up in the book of the date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache

from codebook import holdings
from codebook.holdings import Found
from codebook.importers.icd10cm_index import fold
from codebook.release import Release
from codebook.words import content, tokens
from records.base import Record

PARTS = ("icd10cm_index", "icd10cm_external", "icd10cm_neoplasm", "icd10cm_drug")
_COLUMNS = "id, parent, level, title, modifiers, code, manifestation, see, see_also, category, cells"
_ALTERNATIVES = re.compile(r",\s+")
_SAME_WORD = 3


class IndexTerm(Record):
    """One term. ``path`` are the titles from its main term to itself; ``modifiers`` its nonessential ones.

    ``code`` is the default code of the term, empty for none; ``incomplete`` says that the index prints a dash: more characters
    are needed. ``cells`` are the codes of a table's row by column. ``see`` sends elsewhere, ``see_also`` offers another place.
    """

    part: str
    number: int
    path: tuple[str, ...]
    modifiers: tuple[str, ...] = ()
    code: str = ""
    incomplete: bool = False
    manifestation: str = ""
    see: str = ""
    see_also: str = ""
    category: str = ""
    cells: Mapping[str, str] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the term, that of each column of a table among them, without their dashes."""
        return tuple(dict.fromkeys(code.rstrip("-").rstrip(".") for code in (self.code, *self.cells.values()) if code))


class IndexHit(Record):
    """A term that words lead to; ``covered`` is how many of the words it accounts for, ``via`` the cross reference taken."""

    term: IndexTerm
    covered: int
    via: str = ""
    release: str
    in_force: bool


class IndexPart:
    """One part of the index, opened."""

    def __init__(self, book: str, found: Found) -> None:
        self.book = book
        self.release: Release = found.release
        self.in_force = found.in_force
        self._connection = found.connection
        self._paths: dict[int, tuple[str, ...]] = {0: ()}

    def main_terms(self, title: str) -> list[IndexTerm]:
        """The main terms of a title, in whatever case; a title may print several ("Abdomen, abdominal")."""
        numbers = self._mains.get(fold(title), ())
        return [term for number in numbers for term in self._select("id = ?", number)]

    def below(self, term: IndexTerm) -> list[IndexTerm]:
        """The subterms one level below a term, in their order."""
        return self._select("parent = ?", term.number)

    def terms(self) -> Iterator[IndexTerm]:
        """Every term of the part, in its order: what search and spotting are built from."""
        paths: dict[int, tuple[str, ...]] = {0: ()}
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM term ORDER BY id"):
            paths[row[0]] = (*paths[row[1]], row[3])
            yield _term(self.book, paths[row[0]], row)

    def follow(self, reference: str) -> list[IndexTerm]:
        """Where a cross reference sends: "Pain, joint, elbow" is that subterm; as far down as it can be followed."""
        steps = [step.strip() for step in reference.split(",") if step.strip()]
        # A main term may hold commas itself: the longest that there is comes first.
        for length in range(len(steps), 0, -1):
            for main in self.main_terms(", ".join(steps[:length])):
                return [self._descend(main, steps[length:])]
        return []

    def find(self, words: frozenset[str]) -> Iterator[tuple[IndexTerm, int]]:
        """The deepest terms that words, as stems, lead to, with how many of them each accounts for."""
        for needed, numbers in self._stems.items():
            if needed <= words:
                for number in numbers:
                    for term in self._select("id = ?", number):
                        yield self._deepest(term, words - needed, len(needed))

    def _deepest(self, term: IndexTerm, left: frozenset[str], covered: int) -> tuple[IndexTerm, int]:
        beside = left & _stems_of(*term.modifiers)
        covered, left = covered + len(beside), left - beside
        best = (term, covered)
        for below in self.below(term):
            # What only links ("with", "due to", "from") is passed through; what is below it must be in the words.
            needed = _stems_of(below.path[-1])
            if needed <= left:
                found = self._deepest(below, left - needed, covered + len(needed))
                if found[1] > best[1]:
                    best = found
        return best

    def _descend(self, term: IndexTerm, steps: Iterable[str]) -> IndexTerm:
        for step in steps:
            below = self._select("parent = ? AND folded = ?", term.number, fold(step))
            if not below:
                break
            term = below[0]
        return term

    @cached_property
    def _mains(self) -> dict[str, list[int]]:
        mains: dict[str, list[int]] = {}
        for number, folded in self._connection.execute("SELECT id, folded FROM term WHERE level = 0 ORDER BY id"):
            for title in _titles(folded):
                mains.setdefault(title, []).append(number)
        return mains

    @cached_property
    def _stems(self) -> dict[frozenset[str], list[int]]:
        stems: dict[frozenset[str], list[int]] = {}
        for title, numbers in self._mains.items():
            needed = _stems_of(title)
            if needed:
                stems.setdefault(needed, []).extend(numbers)
        return stems

    def _select(self, where: str, *values: object) -> list[IndexTerm]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM term WHERE {where} ORDER BY id", values).fetchall()
        return [_term(self.book, self._path(row[0]), row) for row in rows]

    def _path(self, number: int) -> tuple[str, ...]:
        if number not in self._paths:
            parent, title = self._connection.execute("SELECT parent, title FROM term WHERE id = ?", (number,)).fetchone()
            self._paths[number] = (*self._path(parent), title)
        return self._paths[number]


class AlphabeticIndex:
    """The parts of the index that are held for a date; none at all is an index that finds nothing and says so."""

    def __init__(self, parts: Iterable[IndexPart]) -> None:
        self.parts = {part.book: part for part in parts}

    @property
    def held(self) -> bool:
        """Whether any part is."""
        return bool(self.parts)

    @property
    def in_force(self) -> bool:
        """Whether every part held is the one of the date."""
        return all(part.in_force for part in self.parts.values())

    def terms(self) -> Iterator[IndexTerm]:
        """Every term of every part."""
        for part in self.parts.values():
            yield from part.terms()

    def find(self, phrase: str, limit: int = 15) -> list[IndexHit]:
        """The terms that a phrase leads to, those that account for most of its words first; a "see" is followed."""
        words = content(tokens(phrase))
        hits: dict[tuple[str, int], IndexHit] = {}
        for part in self.parts.values():
            for term, covered in part.find(words):
                for place, via in self._followed(part, term):
                    hit = IndexHit(term=place, covered=covered, via=via, release=part.release.id, in_force=part.in_force)
                    hits.setdefault((part.book, place.number), hit)
        return sorted(hits.values(), key=lambda hit: (-hit.covered, not hit.term.codes, len(hit.term.path)))[:limit]

    def _followed(self, part: IndexPart, term: IndexTerm) -> list[tuple[IndexTerm, str]]:
        if not term.see or term.codes:
            return [(term, "")]
        return [(place, term.see) for place in part.follow(term.see)] or [(term, "")]


def open_index(on: date) -> AlphabeticIndex:
    """The index for a date: of each part the release in force, else the latest before, else the first after."""
    return AlphabeticIndex(part for book in PARTS if (part := _part(book, on)) is not None)


def _part(book: str, on: date) -> IndexPart | None:
    held = holdings.of_book(book)
    found = holdings.find(book, on) or (holdings.find(book, held[0].release.start) if held else None)
    return _opened(book, found._replace(in_force=found.release.in_force(on))) if found else None


@lru_cache(maxsize=32)
def _opened(book: str, found: Found) -> IndexPart:
    return IndexPart(book, found)


def _titles(folded: str) -> list[str]:
    """A main term as it may be asked for: "fall, falling" is either word, "berries, poisonous" only both."""
    first, *others = _ALTERNATIVES.split(folded)
    alike = [one for one in others if one[:_SAME_WORD] == first[:_SAME_WORD]]
    return list(dict.fromkeys([folded, first, *alike] if len(alike) == len(others) else [folded]))


def _stems_of(*titles: str) -> frozenset[str]:
    return frozenset(stem for title in titles for stem in content(tokens(title)))


def _term(book: str, path: tuple[str, ...], row: tuple[object, ...]) -> IndexTerm:
    number, _, _, _, modifiers, code, manifestation, see, see_also, category, cells = row
    written = str(code)
    return IndexTerm(
        part=book,
        number=int(str(number)),
        path=path,
        modifiers=tuple(json.loads(str(modifiers))),
        code=written.rstrip("-").rstrip("."),
        incomplete=written.endswith("-"),
        manifestation=str(manifestation),
        see=str(see),
        see_also=str(see_also),
        category=str(category),
        cells=json.loads(str(cells)),
    )
