"""A document as it is read: its sections, its sentences, and how any span of it is asserted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from records.assertion import PRESENT, Asserted, Assertion, CuedSentence
from records.chart import Document
from records.section import Section, cut, section_facts
from records.sentences import bounds, is_item

KEPT = 256
_LONGEST_LIST = 60
_LONGEST_ITEM = 60
_ITEM_WORDS = 4
_WORD = re.compile(r"\w")


class Reading:
    """One reading of a text. Sections tile it; sentences cover all of it but white space; every offset resolves.

    What the cues say is worked out sentence by sentence when first asked, and kept.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.sections: tuple[Section, ...] = cut(text)
        starts = tuple(place for section in self.sections for place in (section.start, section.heading_end))
        self.sentences: tuple[tuple[int, int], ...] = bounds(text, starts)
        self._section_starts = [section.start for section in self.sections]
        self._sentence_starts = [start for start, _ in self.sentences]
        self._asserted: dict[tuple[int, int], Asserted] = {}
        self._cued: dict[int, CuedSentence] = {}

    def section_at(self, offset: int) -> Section:
        """The section that holds the offset; the first or the last for an offset outside the text."""
        return self.sections[max(bisect_right(self._section_starts, offset) - 1, 0)]

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence that holds the offset, or the one before it for white space; (0, 0) when there is none."""
        return self.sentences[self._sentence_index(offset)] if self.sentences else (0, 0)

    def assertion(self, start: int, end: int) -> Asserted:
        """How the words from ``start`` to ``end`` are meant: by the cues of their sentence, else by their section.

        A span of several sentences is meant as the first of them that says something of its own: a heading does not.
        """
        if (start, end) not in self._asserted:
            self._asserted[start, end] = self._assertion(start, end)
        return self._asserted[start, end]

    def _assertion(self, start: int, end: int) -> Asserted:
        for index in self._touched(start, end):
            low, high = self.sentences[index]
            inner = max(start, low), min(end, high)
            if _WORD.search(self._text, *inner) and not self._is_heading(low, end):
                return self._in_section(low, self._sentence(index).assertion(*inner))
        return self._in_section(start, None)

    def cued(self, start: int, end: int) -> bool:
        """Whether any cue in the sentences of a span says of words how they are meant."""
        return any(self._sentence(index).cued for index in self._touched(start, end))

    def apart(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The span cut at its sentences, and in each at its cues and marks; the cues are left out."""
        for index in self._touched(start, end):
            low, high = self.sentences[index]
            yield from self._sentence(index).apart(max(start, low), min(end, high))

    def _touched(self, start: int, end: int) -> range:
        first = self._sentence_index(start)
        last = first
        while last + 1 < len(self.sentences) and self.sentences[last + 1][0] < end:
            last += 1
        return range(first, last + 1) if self.sentences else range(0)

    def _sentence_index(self, offset: int) -> int:
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    def _is_heading(self, offset: int, end: int) -> bool:
        """Whether this is a heading and the span goes on beyond it."""
        section = self.section_at(offset)
        return section.start <= offset < section.heading_end < end

    def _in_section(self, offset: int, said: Asserted | None) -> Asserted:
        section = self.section_at(offset)
        default = section_facts(section.kind).assertion
        if default == Assertion.FAMILY and (said is None or said.assertion is not Assertion.ABSENT):
            return Asserted(Assertion.FAMILY, said.cue if said and said.assertion is Assertion.FAMILY else section.kind)
        if said is not None:
            return said._replace(resolved=said.resolved and section_facts(section.kind).current)
        return Asserted(Assertion(default), section.kind) if default else PRESENT

    def _sentence(self, index: int) -> CuedSentence:
        cued = self._cued.get(index)
        if cued is None:
            lead = self._lead(index)
            cued = self._cued[index] = CuedSentence(self._text, *self.sentences[index], lead)
        return cued

    def _lead(self, index: int) -> tuple[Asserted, ...]:
        """The cues of the line that introduces the list this sentence is an item of."""
        section = self.section_at(self.sentences[index][0])
        for before in range(index - 1, max(index - _LONGEST_LIST, 0) - 1, -1):
            start, end = self.sentences[before]
            if not self._is_listed(before + 1) or start < section.start:
                return ()
            if self._text[end - 1] == ":":
                return self._sentence(before).introduces()
        return ()

    def _is_listed(self, index: int) -> bool:
        """Whether a sentence is an item of a list: marked as one, or a line of a few words directly below another."""
        start, end = self.sentences[index]
        if is_item(self._text, start):
            return True
        above = self._text[self.sentences[index - 1][1] : start]
        return above.count("\n") == 1 and end - start <= _LONGEST_ITEM and len(self._text[start:end].split()) <= _ITEM_WORDS


@lru_cache(maxsize=KEPT)
def reading(document: Document) -> Reading:
    """The reading of a document; the last few hundred are kept."""
    return Reading(document.text)
