"""The judge of one book: whether words reach a code, what they leave unsaid, what fits them better."""

from __future__ import annotations

import re
from typing import NamedTuple

from codebook.claims import telling
from codebook.measures import measured
from codebook.support.ending import better_endings, completed, unsaid_of
from codebook.support.neighbours import better
from codebook.support.reach import unsaid
from codebook.support.said import Said
from codebook.support.titles import CATEGORY, Titles
from codebook.tabular import TabularList

_KEPT = 50_000


class Support(NamedTuple):
    """Whether words reach a code; the words of its title they say nothing of; billable codes that fit them better."""

    reaches: bool
    missing: tuple[str, ...] = ()
    better: tuple[str, ...] = ()


class Supports:
    """The judge. Everything it works out of the book is worked out once, when first needed."""

    def __init__(self, book: TabularList) -> None:
        self._titles = Titles(book)
        self._said: dict[tuple[str, ...], Said] = {}
        self._judged: dict[tuple[str, tuple[str, ...]], Support] = {}

    def judge(self, code: str, texts: tuple[str, ...]) -> Support:
        """How the texts, together, support the code. A code the book does not have is reached by nothing."""
        key = (code, texts)
        if key not in self._judged:
            if len(self._judged) >= _KEPT:
                self._judged.clear()
            self._judged[key] = self._judge(code, texts)
        return self._judged[key]

    def _judge(self, code: str, texts: tuple[str, ...]) -> Support:
        entry = self._titles.book.entry(code)
        ended = entry is not None and bool(entry.seventh_characters) and entry.billable
        base = entry.path[-1] if entry is not None and ended else code
        described = self._titles.described(base)
        if entry is None or described is None:
            return Support(False)
        if figures := measured(base, self._titles.billable(base[:CATEGORY]), texts):
            return Support(figures.agrees, (), figures.codes)
        said = self._read(texts)
        left = unsaid(self._titles, described, said)
        missing = _as_written(entry.description, left or frozenset())
        fitting = [found.code for found in better(self._titles, described, said, left)]
        if base != code:
            missing += unsaid_of(entry.seventh_characters.get(code[-1:], ""), said)
            fitting = [done for found in fitting if (done := completed(self._titles, found, code[-1]))]
            fitting += better_endings(self._titles, code, base, entry.seventh_characters, said)
        return Support(not missing and left is not None, missing, tuple(fitting))

    def _read(self, texts: tuple[str, ...]) -> Said:
        if texts not in self._said:
            if len(self._said) >= _KEPT:
                self._said.clear()
            self._said[texts] = Said(self._titles, texts)
        return self._said[texts]


def _as_written(title: str, stems: frozenset[str]) -> tuple[str, ...]:
    """The words of a title that have these stems, in its order."""
    return tuple(dict.fromkeys(word for word in re.findall(r"[\w'.-]+", title.lower()) if telling(word) & stems)) or tuple(stems)
