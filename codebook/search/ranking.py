"""The order of the codes: fitted weights over the figures, near-siblings apart, each heading led to its billable code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codebook.search.features import Survey, candidates, figures, survey
from codebook.search.index import Index
from codebook.search.postings import Floats, Ints
from codebook.search.question import question
from codebook.specify import Context, specify

if TYPE_CHECKING:
    from codebook.book import CodeBook

WEIGHED = 400


class Hit(NamedTuple):
    """A billable code that words lead to, and the phrase of it that they met."""

    code: str
    description: str
    matched: str


@cache
def weights() -> dict[str, float]:
    """The weight of each figure; those not named count nothing. ``again`` is what each further sibling of a group loses."""
    return tomllib.loads(files("codebook").joinpath("data", "search", "weights.toml").read_text("utf-8"))["weights"]  # type: ignore[no-any-return]


def search(book: CodeBook, index: Index, terms: str, limit: int) -> list[Hit]:
    """The codes that terms lead to, best first; empty only for terms without any meaning word."""
    asked = question(terms)
    if not asked.concepts:
        return []
    seen = survey(index, asked)
    units = candidates(index, seen, WEIGHED, ())
    made = figures(index, asked, seen, units)
    scores = sum((np.float32(weight) * made[name] for name, weight in weights().items() if name in made), np.float32(0))
    context = Context.of_text(terms)
    hits = []
    for place in _apart(index, units, np.asarray(scores), weights()["again"]):
        unit = int(units[place])
        code = billable(book, index.codes[unit], context)
        entry = book.entry(code)
        assert entry is not None
        hits.append(Hit(code, entry.description, index.phrase(_met(index, seen, unit))))
        if len(hits) == limit:
            break
    return hits


def _apart(index: Index, units: Ints, scores: Floats, again: float) -> list[int]:
    """Places by score, where each further unit of one group is moved down: a list must not be the sides of one condition."""
    order = np.argsort(-scores, kind="stable")
    met: dict[int, int] = {}
    lowered = scores.copy()
    for place in order:
        group = int(index.groups[units[place]])
        lowered[place] -= again * met.get(group, 0)
        met[group] = met.get(group, 0) + 1
    return [int(place) for place in np.argsort(-lowered, kind="stable")]


def _met(index: Index, seen: Survey, unit: int) -> int:
    low, high = int(index.first_phrases[unit]), int(index.first_phrases[unit + 1])
    return low + int(np.argmax(seen.fit[low:high] + seen.grams[low:high]))


def billable(book: CodeBook, code: str, context: Context) -> str:
    """The billable code of a leaf: itself, or the one that a 7th character completes as the context asks; else the first."""
    chosen = specify(book, code, context)
    entry = book.entry(chosen)
    while entry is not None and not entry.billable:
        chosen = entry.children[0]
        entry = book.entry(chosen)
    return chosen
