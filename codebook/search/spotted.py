"""Terms found whole inside longer words: a sentence names several conditions, and each is an answer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from codebook.search.index import Index, unit_of
from codebook.search.postings import Floats, Ints
from codebook.spotting import Mention
from codebook.tabular import TabularList

_NEXT = 0.8
_BELOW_AT_MOST = 40


class Spotted:
    """The units that terms found in the words lead to, with how sure that is, and those beside them."""

    def __init__(self, book: TabularList, index: Index, mentions: Iterable[Mention], terms: str) -> None:
        self.named: dict[int, float] = {}
        self.whole: dict[int, float] = {}
        self.headings: set[int] = set()
        for mention in mentions:
            share = (mention.end - mention.start) / max(len(terms.strip()), 1)
            sure = mention.score * (0.5 if mention.ambiguous else 1.0)
            for code in mention.codes:
                unit = unit_of(book, index, code)
                self.named[unit] = max(self.named.get(unit, 0.0), sure)
                self.whole[unit] = max(self.whole.get(unit, 0.0), sure * share)
                self.headings.add(int(index.parents[unit]))
                sure *= _NEXT
        self.headings |= {unit for unit in self.named if not index.is_leaf[unit]}

    def units(self, index: Index) -> Ints:
        """The leaves among the named and beside or below them."""
        leaves = [unit for unit in self.named if index.is_leaf[unit]]
        near = [child for heading in self.headings for child in index.children(heading)[:_BELOW_AT_MOST] if index.is_leaf[child]]
        return np.array([*leaves, *near], np.int32)

    def figures(self, index: Index, units: Ints) -> dict[str, Floats]:
        """The figures of some leaves, each an array in their order."""
        named = np.array([self.named.get(int(unit), 0.0) for unit in units], np.float32)
        whole = np.array([self.whole.get(int(unit), 0.0) for unit in units], np.float32)
        beside = [float(int(index.parents[unit]) in self.headings) for unit in units]
        return {
            "spotted": named,
            "spotted_whole": whole,
            "spotted_beside": np.array(beside, np.float32) * (named == 0),
        }
