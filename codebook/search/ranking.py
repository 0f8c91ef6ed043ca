"""The order of the codes: fitted weights over the figures, near-siblings apart, each heading led to its billable code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from codebook.search import indexed
from codebook.search.clues import Clued
from codebook.search.denial import behind_the_rest
from codebook.search.features import PARTS, Survey, candidates, figures, rough, survey
from codebook.search.index import Index
from codebook.search.neighbours import Neighbours
from codebook.search.postings import Floats, Ints
from codebook.search.question import Question, question
from codebook.search.spotted import Spotted
from codebook.specify import Context, specify
from codebook.spotting import Mention, spot
from codebook.tabular import TabularList
from codebook.terms import TermTable
from codebook.words import stem
from records.gestation import trimester, weeks_of_gestation

_WEIGHED = 600
_OF_INDEX = 100
# What a part is called as the source of a spotted term.
_SOURCES = {"synonyms": "synonym", "alphabetic index": "index"}
# So many different conditions come first; then the further sides of each may follow.
_APART = 5
# Figures that speak of how the classification is built; a benchmark leaves them out to show what they bring.
_STRUCTURE = ("heading", "above", "category", "unspecified", "other", "level", "main", "last", "with")
# Words that speak of a later encounter without naming it as the 7th characters do.
_LATER = {"subsequent": ("healing", "nonunion", "malunion", "follow"), "sequela": ("sequelae", "late effect")}


@dataclass(frozen=True, slots=True)
class Searched:
    """What search looks through: the book, its term table, its search index, and the vectors beside that."""

    book: TabularList
    table: TermTable
    index: Index
    neighbours: Neighbours


class Hit(NamedTuple):
    """A billable code that words lead to, and the phrase of it that they met."""

    code: str
    description: str
    matched: str


class Weighed(NamedTuple):
    """Units with their figures; ``asked`` is what the terms ask for."""

    units: Ints
    figures: dict[str, Floats]
    seen: Survey
    asked: Question


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weight of each figure, for lines of an index and for plain words; a figure not named counts nothing."""
    return tomllib.loads(files("codebook").joinpath("data", "search", "weights.toml").read_text("utf-8"))


def search(searched: Searched, terms: str, limit: int, parts: frozenset[str] = PARTS) -> list[Hit]:
    """The codes that terms lead to, best first; empty only for terms without any meaning word."""
    book, index = searched.book, searched.index
    weeks = weeks_of_gestation(terms)
    terms = terms if weeks is None else f"{terms} {trimester(weeks)}"
    found = weigh(searched, terms, parts)
    if found is None:
        return []
    context = Context.of_text(terms)
    scores = _scores(found, parts)
    if "structure" in parts:
        scores = behind_the_rest(index, found.asked, found.units, scores)
    hits = []
    for place in order(index, found.units, scores, bool(found.asked.sides))[:limit]:
        unit = int(found.units[place])
        code = billable(book, index.codes[unit], context)
        entry = book.entry(code)
        assert entry is not None
        hits.append(Hit(code, entry.description, _met(index, found.seen, unit)))
    return hits


def weigh(searched: Searched, terms: str, parts: frozenset[str] = PARTS) -> Weighed | None:
    """The units worth weighing with their figures; None for terms without any meaning word."""
    book, index = searched.book, searched.index
    asked = question(terms)
    if not asked.concepts:
        return None
    line = asked.line
    seen = survey(index, asked, parts)
    first = rough(index, seen)
    # Of a line of the index no part alone is an answer.
    spotted = Spotted(book, index, [] if line or "spotted terms" not in parts else _spotted(searched, terms, parts), terms)
    clued = Clued(book, index, "" if line or "clues" not in parts else terms)
    near = searched.neighbours.near(asked, terms) if "vectors" in parts else {}
    certain = [*spotted.units(index), *clued.named, *near, *indexed.candidates(index, seen.indexed_fit, _OF_INDEX)]
    units = candidates(index, first, _WEIGHED, certain)
    made = figures(index, asked, seen, first, units) | spotted.figures(index, units) | clued.figures(units)
    made["vector"] = np.fromiter((near.get(int(unit), 0.0) for unit in units), np.float32, len(units))
    return Weighed(units, made, seen, asked)


def _spotted(searched: Searched, terms: str, parts: frozenset[str]) -> list[Mention]:
    unused = {source for part, source in _SOURCES.items() if part not in parts}
    return [one for one in spot(searched.book, searched.table, terms) if one.source not in unused]


def _scores(found: Weighed, parts: frozenset[str]) -> Floats:
    total = np.zeros(len(found.units), np.float32)
    for name, weight in weights()["line" if found.asked.line else "plain"].items():
        if "structure" in parts or not any(word in name.split("_") for word in _STRUCTURE):
            total += np.float32(weight) * found.figures[name]
    return total


def order(index: Index, units: Ints, scores: Floats, sided: bool) -> list[int]:
    """Places by score, the further units of a group held back: a list must not be the sides of one condition."""
    first: list[int] = []
    held_back: list[int] = []
    met: set[int] = set()
    scores = scores if sided else _unsided_first(index, units, scores)
    ranked = [int(place) for place in np.argsort(-scores, kind="stable")]
    for number, place in enumerate(ranked):
        group = int(index.groups[units[place]])
        (held_back if group in met else first).append(place)
        met.add(group)
        if len(first) == _APART:
            later = [*held_back, *ranked[number + 1 :]]
            return first + sorted(later, key=lambda place: -float(scores[place]))
    return first + held_back


def _unsided_first(index: Index, units: Ints, scores: Floats) -> Floats:
    """When no side is asked for, the one of a group that names none stands for it: nothing more is known."""
    groups = index.groups[units]
    best = np.full(len(index.codes), -np.inf, np.float32)
    np.maximum.at(best, groups, scores)
    return np.where(index.sides[units] == 0, np.nextafter(best[groups], np.float32(np.inf)), scores).astype(np.float32)


def _met(index: Index, seen: Survey, unit: int) -> str:
    """The phrase of a unit that answers best; a line of the Alphabetic Index where it answers better than any other."""
    low, high = int(index.said.first[unit]), int(index.said.first[unit + 1])
    said = seen.fit[low:high] + seen.grams[low:high]
    first, last = int(index.indexed.first[unit]), int(index.indexed.first[unit + 1])
    lines = seen.indexed_fit[first:last]
    if len(lines) and lines.max() > seen.fit[low:high].max():
        return index.indexed.text(first + int(np.argmax(lines)))
    return index.said.text(low + int(np.argmax(said)))


def billable(book: TabularList, code: str, context: Context) -> str:
    """The billable code of a leaf: itself, or the one that a 7th character completes as the context asks; else the first."""
    entry = book.entry(code)
    assert entry is not None
    if entry.billable:
        return code
    for named, words in _LATER.items():
        if context.stems & {stem(word) for word in words}:
            context = replace(context, stems=context.stems | {stem(named)})
    chosen = specify(book, code, context)
    return chosen if chosen in entry.children else entry.children[0]
