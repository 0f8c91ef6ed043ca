"""The words of quotes, and what they amount to by the synonym list and by what they imply."""

from __future__ import annotations

import re

from codebook.claims import claims, telling
from codebook.implied import implied
from codebook.phrases import phrases_in, phrases_of
from codebook.reference import covers
from codebook.support.titles import Described, Titles, certain
from codebook.words import sides, tokens

_ABBREVIATION = re.compile(r"\b[A-Z]{2,6}\b")


class Said:
    """What texts say together.

    ``phrases`` are the synonyms found in them, ``joined`` those that take words of several texts as well. ``meant`` is what
    they say and what their synonyms have in common; ``covered`` every word of a title they speak for, headings included;
    ``spoken`` the same without headings and without what is only implied.
    """

    def __init__(self, titles: Titles, texts: tuple[str, ...]) -> None:
        self._titles = titles
        self.text = "\n".join(texts)
        self.words = frozenset[str]().union(*(telling(text) for text in texts))
        # What the words deny ("without aura") they say nothing more of.
        denied = frozenset[str]().union(*(claims(text).denied for text in texts))
        self.phrases = tuple(dict.fromkeys(phrase for text in texts for phrase in phrases_in(text)))
        joined = phrases_of(self.words) if len(texts) > 1 else []
        self.joined = tuple(dict.fromkeys((*self.phrases, *joined)))
        self.meant = (self.words - denied).union(*(titles.meaning(phrase) for phrase in self.phrases))
        self.sides = sides(tokens(self.text))
        self.implied = frozenset[str]().union(*(implied(text) for text in texts))
        codes = [code for phrase in self.joined for code in phrase.codes]
        self.covered = self.words.union(self.implied, *(titles.words(code) for code in codes))
        self.spoken = self.words.union(*(titles.title_words(code) for code in codes))
        self.abbreviations = frozenset(_ABBREVIATION.findall(self.text))

    def leads_to(self, code: Described, together: bool = True) -> bool:
        """Whether a phrase leads to the code, or below it when it is a heading; ``together``: of words of several texts too."""
        phrases = self.joined if together else self.phrases
        if code.billable:
            return any(code.code in phrase.codes for phrase in phrases)
        return any(one.startswith(code.code) for phrase in phrases for one in phrase.codes)

    def names(self, code: Described) -> bool:
        """Whether a phrase leads to the code, or to a condition it is the history of, or all words of one of its inclusion terms
        are spoken."""
        if self.leads_to(code) or any(term and term <= self.spoken for term in code.terms):
            return True
        conditions = self._titles.classifiable(code.code)
        return any(covers(reference, phrase.codes[0]) for reference in conditions for phrase in self.joined)

    def headings(self, code: str) -> frozenset[str]:
        """The words of the headings above the code that the texts lead to."""
        found: frozenset[str] = frozenset()
        for heading in self._titles.above(code):
            named = any(heading.code in phrase.codes for phrase in self.joined)
            if named or any(term and term <= self.spoken for term in heading.terms):
                found |= certain(heading.title)
        return found
