"""How the words of a span are meant: resolved from the cues of its sentence, in ConText manner (``cues.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from records.cue import CueHit, Word, find_cues, precedence, words_of

_STOPS = frozenset({",", ";", ")"})
_ALTERNATIVES = frozenset({"or", "nor", "vs", "versus", "/"})
_JOINED = frozenset({"and", "with", "but", "who", "however", "although", "though"})
_SINGULAR = frozenset({"is", "was", "has", "isn't", "wasn't"})
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "their", "my", "also", "both"})
_LABEL_WORDS = 4
_ITEM_WORDS = 4
_DASH = re.compile(r"\s[-–—]\s")


class Assertion(StrEnum):
    """How a condition is meant where it is written."""

    PRESENT = "present"
    ABSENT = "absent"
    UNCERTAIN = "uncertain"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"


class Asserted(NamedTuple):
    """An assertion and the cue it rests on: the cue's words, or the kind of section; empty when there is none.

    ``resolved``: historical only because it is over; nothing says that it was over before this encounter.
    """

    assertion: Assertion
    cue: str = ""
    resolved: bool = False


PRESENT = Asserted(Assertion.PRESENT)


def _meant(name: str) -> Assertion:
    """The assertion of a group of cues."""
    return Assertion.HISTORICAL if name == "resolved" else Assertion(name)


class CuedSentence:
    """The words of one sentence with the cues among them, read once and asked about many spans.

    ``lead`` holds cues of an introduction that reach into this sentence, as "Denies:" reaches into the list below it.
    """

    __slots__ = ("_effects", "_ends", "_text", "lead", "words")

    def __init__(self, text: str, start: int, end: int, lead: tuple[Asserted, ...] = ()) -> None:
        self._text = text
        self.words: Sequence[Word] = words_of(text, start, end)
        hits = list(find_cues(self.words, text))
        self._ends = [hit for hit in hits if hit.group.assertion == "end"]
        self._effects = [hit for hit in hits if hit.group.assertion not in ("end", "none")]
        self.lead = lead

    def assertion(self, start: int, end: int) -> Asserted | None:
        """What the cues say of the words at these offsets; None when no cue reaches them."""
        first, last = self._covered(start, end)
        if first == last:
            return None
        reached = self._reached(first, last)
        if not any(hit.first <= first for hit in self._ends):
            for led in self.lead:
                reached.setdefault(led.assertion.value, (len(self.words), led.cue))
        for name in precedence():
            if name in reached:
                resolved = name == "resolved" and "historical" not in reached
                return Asserted(_meant(name), reached[name][1], resolved)
        return None

    @property
    def cued(self) -> bool:
        """Whether any cue says of words here how they are meant."""
        return bool(self._effects or self.lead)

    def apart(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The words at these offsets cut at the cues and marks among them, cues left out."""
        first, last = self._covered(start, end)
        cues = {index for hit in self._effects for index in range(hit.first, hit.last)}
        begun: int | None = None
        for index in range(first, last + 1):
            cut = index == last or index in cues or not self.words[index].folded[0].isalnum()
            if cut and begun is not None:
                yield self.words[begun].start, self.words[index - 1].end
            begun = None if cut else index if begun is None else begun

    def introduces(self) -> tuple[Asserted, ...]:
        """The cues that reach beyond the end of this sentence, when it ends in a colon and introduces a list."""
        if not self.words or self.words[-1].folded != ":":
            return ()
        return tuple(
            Asserted(_meant(hit.group.assertion), self._written(hit))
            for hit in self._effects
            if hit.group.commas == "any" and self._looks_on(hit) and self._reaches_on(hit, len(self.words) - 1, hit.last)
        )

    def _covered(self, start: int, end: int) -> tuple[int, int]:
        covered = [index for index, word in enumerate(self.words) if word.start < end and word.end > start]
        return (covered[0], covered[-1] + 1) if covered else (0, 0)

    def _reached(self, first: int, last: int) -> dict[str, tuple[int, str]]:
        """The nearest cue of every assertion that reaches the words ``first`` to ``last``."""
        found: dict[str, tuple[int, str]] = {}
        for hit in self._effects:
            distance = self._distance(hit, first, last)
            name = hit.group.assertion
            if distance is not None and (name not in found or distance < found[name][0]):
                found[name] = (distance, self._written(hit))
        return found

    def _written(self, hit: CueHit) -> str:
        return " ".join(word.folded for word in self.words[hit.first : hit.last])

    def _distance(self, hit: CueHit, first: int, last: int) -> int | None:
        """How many words lie between cue and condition; None when the cue does not reach it."""
        if hit.last <= first:
            return first - hit.last if self._looks_on(hit) and self._reaches_on(hit, first, last) else None
        if hit.first >= last:
            return hit.first - last if self._looks_back(hit) and self._reaches_back(hit, first, last) else None
        return 0 if self._lies_within(hit, first, last) else None

    def _looks_on(self, hit: CueHit) -> bool:
        return hit.group.reach != "before" and not (self._is_mark(hit) and self._touches_previous(hit))

    def _looks_back(self, hit: CueHit) -> bool:
        return hit.group.reach != "after" and not (self._is_mark(hit) and not self._touches_previous(hit))

    def _is_mark(self, hit: CueHit) -> bool:
        """A question mark belongs to the word it touches: "?pneumonia", "pneumonia?"."""
        return hit.last - hit.first == 1 and self.words[hit.first].folded == "?"

    def _touches_previous(self, hit: CueHit) -> bool:
        return hit.first > 0 and self.words[hit.first - 1].end == self.words[hit.first].start

    def _lies_within(self, hit: CueHit, first: int, last: int) -> bool:
        """Whether a cue among the quoted words speaks of them: at their head, at their tail, or declared ``inside``."""
        if hit.first <= self._head(first, hit.first):
            return hit.last < last and self._looks_on(hit) and not self._stands_alone(hit)
        if not hit.group.inside:
            return False
        before = self.words[first : hit.first]
        if self._looks_back(hit) and not any(word.folded in _STOPS for word in before[:-1]):
            return True
        if not self._looks_on(hit) or hit.last >= last:
            return False
        return not any(word.folded in _STOPS for word in before) and before[-1].folded not in _JOINED

    def _head(self, first: int, last: int) -> int:
        """Where the statement begins in the quoted words: after the number of its item, after "his" and the like, and after a
        label ("CXR: no ...")."""
        while first < last and (not self.words[first].folded[0].isalpha() or self.words[first].folded in _DETERMINERS):
            first += 1
        if last - first <= _LABEL_WORDS + 1 and last > first and self.words[last - 1].folded == ":":
            return last
        return first

    def _stands_alone(self, hit: CueHit) -> bool:
        """A cue with a comma right after it has nothing in its reach: "fever (-), cough (+)"."""
        return hit.last < len(self.words) and self.words[hit.last].folded in _STOPS

    def _reaches_on(self, hit: CueHit, first: int, last: int) -> bool:
        between = [word.folded for word in self.words[hit.last : first]]
        if self._stands_alone(hit) or self._too_far(hit, between) or self._ended(hit, hit.last, first):
            return False
        if between.count(")") > between.count("(") or self._new_label(between) or self._until(hit, first):
            return False
        return "," not in between or hit.group.commas == "any" or (hit.group.commas == "or" and self._in_list(hit, first))

    def _reaches_back(self, hit: CueHit, first: int, last: int) -> bool:
        between = [word.folded for word in self.words[last : hit.first]]
        if between and between[-1] in (",", "(", ":"):
            between.pop()
        if self._too_far(hit, between) or self._ended(hit, last, hit.first - 1):
            return False
        if ":" in between or between.count("(") > between.count(")"):
            return False
        if "and" in between and self.words[hit.first].folded in _SINGULAR:
            return False
        return "," not in between or (hit.group.commas == "any" and self._is_list(hit.first))

    @staticmethod
    def _too_far(hit: CueHit, between: list[str]) -> bool:
        window = hit.group.window
        return window is not None and sum(word[0].isalnum() for word in between) > window

    def _ended(self, hit: CueHit, low: int, high: int) -> bool:
        """Whether a terminator of this cue begins at one of the words ``low`` to ``high``, both included."""
        name = hit.group.assertion
        return any(low <= end.first <= high and (not end.group.ends or name in end.group.ends) for end in self._ends)

    @staticmethod
    def _new_label(between: list[str]) -> bool:
        """Whether a label such as "GI:" begins a new statement between cue and condition."""
        if ":" not in between:
            return False
        colon = len(between) - 1 - between[::-1].index(":")
        return "," in between[:colon] or colon > _LABEL_WORDS

    def _until(self, hit: CueHit, first: int) -> bool:
        if hit.group.until_dash and _DASH.search(self._text, self.words[hit.last - 1].end, self.words[first].start):
            return True
        phrases = hit.group.until_phrases
        folded = [word.folded for word in self.words]
        return any(
            tuple(folded[index : index + len(phrase)]) == phrase
            for index in range(hit.last, first + 1)
            for phrase in phrases.get(folded[index], ())
        )

    def _in_list(self, hit: CueHit, first: int) -> bool:
        """Whether the condition stands in a list that ends in "or": "without fever, chills or cough"."""
        comma = alternative = False
        for index in range(hit.last, len(self.words)):
            word = self.words[index].folded
            if word == "," and alternative and comma:
                return index > first
            if self._ended(hit, index, index) or word in (";", ")"):
                return alternative and index > first
            comma = comma or word == ","
            alternative = alternative or (comma and word in _ALTERNATIVES)
        return alternative

    def _is_list(self, last: int) -> bool:
        """Whether the sentence up to there is nothing but a list of short items."""
        length = 0
        for word in self.words[:last]:
            length = 0 if word.folded in (",", "and", "or") else length + 1
            if length > _ITEM_WORDS or word.folded in (":", "(", "["):
                return False
        return not any(hit.first < last - 1 for hit in self._ends)
