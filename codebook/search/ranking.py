"""The order of the codes: fitted weights over the figures, near-siblings apart, each heading led to its billable code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codebook.search.clues import Clued
from codebook.search.features import PARTS, Survey, candidates, figures, rough, survey
from codebook.search.index import Index
from codebook.search.neighbours import Neighbours
from codebook.search.postings import Floats, Ints
from codebook.search.question import question
from codebook.search.spotted import Spotted
from codebook.specify import Context, specify
from codebook.words import stem

if TYPE_CHECKING:
    from codebook.book import CodeBook

_WEIGHED = 600
# So many different conditions come first; then the further sides of each may follow.
_APART = 5
# Figures that speak of how the classification is built; a benchmark leaves them out to show what they bring.
_STRUCTURE = ("heading", "above", "category", "unspecified", "other", "level", "main", "last", "with")
_LATER = {"D": ("subsequ", "heal", "follow"), "S": ("sequela",)}


class Hit(NamedTuple):
    """A billable code that words lead to, and the phrase of it that they met."""

    code: str
    description: str
    matched: str


class Weighed(NamedTuple):
    """Units with their figures; the terms are a line of the Alphabetic Index when ``line``, and name a side when ``sided``."""

    units: Ints
    figures: dict[str, Floats]
    seen: Survey
    line: bool
    sided: bool


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weight of each figure, for lines of an index and for plain words; a figure not named counts nothing."""
    return tomllib.loads(files("codebook").joinpath("data", "search", "weights.toml").read_text("utf-8"))


def search(
    book: CodeBook, index: Index, neighbours: Neighbours, terms: str, limit: int, parts: frozenset[str] = PARTS
) -> list[Hit]:
    """The codes that terms lead to, best first; empty only for terms without any meaning word."""
    found = weigh(book, index, neighbours, terms, parts)
    if found is None:
        return []
    context = Context.of_text(terms)
    hits = []
    for place in order(index, found, _scores(found, parts)):
        unit = int(found.units[place])
        code = billable(book, index.codes[unit], context)
        entry = book.entry(code)
        assert entry is not None
        hits.append(Hit(code, entry.description, index.phrase(_met(index, found.seen, unit))))
        if len(hits) == limit:
            break
    return hits


def weigh(book: CodeBook, index: Index, neighbours: Neighbours, terms: str, parts: frozenset[str] = PARTS) -> Weighed | None:
    """The units worth weighing with their figures; None for terms without any meaning word."""
    asked = question(terms)
    if not asked.concepts:
        return None
    line = asked.segments > 1
    seen = survey(index, asked, parts)
    first = rough(index, seen)
    # Of a line of the index no part alone is an answer.
    spotted = Spotted(book, index, "" if line or "spotted terms" not in parts else terms)
    clued = Clued(book, index, "" if line or "clues" not in parts else terms)
    near = neighbours.near(asked, terms) if "vectors" in parts else {}
    units = candidates(index, first, _WEIGHED, [*spotted.units(index), *clued.named, *near])
    made = figures(index, asked, seen, first, units) | spotted.figures(index, units) | clued.figures(units)
    made["vector"] = np.fromiter((near.get(int(unit), 0.0) for unit in units), np.float32, len(units))
    return Weighed(units, made, seen, line, bool(asked.sides))


def _scores(found: Weighed, parts: frozenset[str]) -> Floats:
    total = np.zeros(len(found.units), np.float32)
    for name, weight in weights()["line" if found.line else "plain"].items():
        if "structure" in parts or not any(word in name.split("_") for word in _STRUCTURE):
            total += np.float32(weight) * found.figures[name]
    return total


def order(index: Index, found: Weighed, scores: Floats) -> list[int]:
    """Places by score, the further units of a group held back: a list must not be the sides of one condition."""
    first: list[int] = []
    held_back: list[int] = []
    met: set[int] = set()
    scores = scores if found.sided else _unsided_first(index, found.units, scores)
    ranked = [int(place) for place in np.argsort(-scores, kind="stable")]
    for number, place in enumerate(ranked):
        group = int(index.groups[found.units[place]])
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


def _met(index: Index, seen: Survey, unit: int) -> int:
    low, high = int(index.first_phrases[unit]), int(index.first_phrases[unit + 1])
    return low + int(np.argmax(seen.fit[low:high] + seen.grams[low:high]))


def billable(book: CodeBook, code: str, context: Context) -> str:
    """The billable code of a leaf: itself, or the one that a 7th character completes as the context asks; else the first."""
    entry = book.entry(code)
    assert entry is not None
    if entry.billable:
        return code
    for character, words in _LATER.items():
        if context.stems & {stem(word) for word in words}:
            later = [child for child in entry.children if child.endswith(character)]
            if later:
                return later[0]
    chosen = specify(book, code, context)
    return chosen if chosen in entry.children else entry.children[0]
