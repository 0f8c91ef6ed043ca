"""Clues: words that speak of a condition without its name, and the codes worth looking at then. They only help to find."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from codebook.search.index import Index, unit_of
from codebook.search.postings import Floats, Ints
from codebook.specify import Context, specify
from codebook.tabular import TabularList
from codebook.words import content, tokens

_NEXT = 0.9


class Clue(NamedTuple):
    """Stems that must all be there, and the codes or headings they speak for, best first."""

    stems: frozenset[str]
    codes: tuple[str, ...]


@cache
def clues() -> dict[str, tuple[Clue, ...]]:
    """Every clue of data/search/clues.tsv, by its longest stem."""
    found: dict[str, list[Clue]] = defaultdict(list)
    for line in files("codebook").joinpath("data", "search", "clues.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            said, codes = line.split("\t")
            for words in said.split(";"):
                stems = content(tokens(words))
                found[min(stems, key=lambda stem: (-len(stem), stem))].append(Clue(stems, tuple(codes.split("|"))))
    return {stem: tuple(rows) for stem, rows in found.items()}


class Clued:
    """The units that the clues in some words speak for, with how strongly: more words of a clue say more."""

    def __init__(self, book: TabularList, index: Index, terms: str) -> None:
        found = tokens(terms)
        stems, context = content(found), Context.of(found)
        self.named: dict[int, float] = {}
        for stem in sorted(stems):
            for clue in clues().get(stem, ()):
                if clue.stems <= stems:
                    self._add(book, index, clue, context)

    def _add(self, book: TabularList, index: Index, clue: Clue, context: Context) -> None:
        sure = 1 - 0.5 ** len(clue.stems)
        for code in clue.codes:
            # A code of another release than this one: the clues are written for the newest.
            if book.entry(code) is not None:
                for unit in _leaves(index, unit_of(book, index, specify(book, code, context))):
                    self.named[unit] = max(self.named.get(unit, 0.0), sure)
            sure *= _NEXT

    def figures(self, units: Ints) -> dict[str, Floats]:
        """The figure of some leaves."""
        return {"clue": np.fromiter((self.named.get(int(unit), 0.0) for unit in units), np.float32, len(units))}


def _leaves(index: Index, unit: int) -> list[int]:
    """A leaf itself; of a heading its first leaf, for nothing more is known."""
    if index.is_leaf[unit]:
        return [unit]
    return [child for child in index.children(unit) if index.is_leaf[child]][:1]
