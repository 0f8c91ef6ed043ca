"""What search terms ask for: concepts, the main term and the last subterm, sides, and what is left open."""

from __future__ import annotations

import re
from typing import NamedTuple

from codebook.search.grams import fold
from codebook.words import FILLER, UNSPECIFIED, Token, sides, tokens
from records.laterality import SIDES

_SEGMENT = re.compile(r",(?![^()]*\))")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_ELSEWHERE = re.compile(r"\b(?:NEC|other|specified)\b")
_ALIKE = 4
_DENIALS, _AFFIRMS = frozenset({"without", "no", "not"}), frozenset({"with", "and"})
_REACH = 2
_MAIN_TERM_WORDS = 2
_NONESSENTIAL = 0.35


class Concept(NamedTuple):
    """One thing that is asked for: the stems that say it, any of which will do, and how much it counts beside the others."""

    stems: tuple[str, ...]
    weight: float
    segment: int


class Question(NamedTuple):
    """Search terms, understood. ``line`` says that they are a line of the Alphabetic Index: a main term, then its subterms.

    ``denied`` are the stems of what the terms say is not there, ``affirmed`` of what they say is.
    """

    concepts: tuple[Concept, ...]
    folded: tuple[str, ...]
    sides: frozenset[str]
    line: bool
    elsewhere: bool
    unspecified: bool
    without: bool
    denied: frozenset[str]
    affirmed: frozenset[str]


def question(terms: str) -> Question:
    """Read search terms, in plain words or as a line of the Alphabetic Index: main term first, then subterms."""
    plain = fold(terms)
    bracketed = " ".join(_BRACKETS.findall(plain))
    parts = [part for part in _SEGMENT.split(_BRACKETS.sub(" ", plain)) if part.strip()]
    concepts: list[Concept] = []
    found: list[Token] = []
    for segment, part in enumerate(parts):
        words = tokens(part)
        found += words
        if _another_form(words, concepts):
            concepts[-1] = concepts[-1]._replace(stems=(*concepts[-1].stems, *(word.stem for word in words)))
            continue
        concepts += [Concept((word.stem,), 1.0, segment) for word in words if _means(word)]
    extra = tokens(bracketed)
    concepts += [Concept((word.stem,), _NONESSENTIAL, -1) for word in extra if _means(word)]
    folded = tuple(word.folded for word in found)
    denied, affirmed = polarity(found)
    return Question(
        concepts=_once(concepts),
        folded=folded,
        sides=sides([*found, *extra]),
        line=len(parts) > 1 and _main_term(parts[0]) and not plain.rstrip().endswith("."),
        elsewhere=bool(_ELSEWHERE.search(plain)),
        unspecified=any(word in ("unspecified", "nos") for word in folded),
        without="without" in folded,
        denied=denied,
        affirmed=affirmed,
    )


def polarity(found: list[Token]) -> tuple[frozenset[str], frozenset[str]]:
    """The stems that words deny and those they affirm; the second word behind a denial is in neither."""
    denied: set[str] = set()
    affirmed: set[str] = set()
    behind = 0
    for word in found:
        if word.folded in _DENIALS:
            behind = _REACH
        elif word.folded in _AFFIRMS:
            behind = 0
        elif _means(word):
            if behind == 0:
                affirmed.add(word.stem)
            elif behind == _REACH:
                denied.add(word.stem)
            behind = max(behind - 1, 0)
    return frozenset(denied - affirmed), frozenset(affirmed)


def _main_term(part: str) -> bool:
    """Whether words may be a main term: one word, seldom two, and never a side ("left knee pain, ..." is a sentence)."""
    return len(part.split()) <= _MAIN_TERM_WORDS and not sides(tokens(part))


def _means(word: Token) -> bool:
    return word.folded not in FILLER and word.folded not in UNSPECIFIED and word.folded not in SIDES


def _another_form(words: list[Token], concepts: list[Concept]) -> bool:
    """Whether an index line goes on with another form of the word before: "Hypertrophy, hypertrophic"."""
    if len(words) != 1 or not concepts or not _means(words[0]):
        return False
    stem, before = words[0].stem, concepts[-1].stems[0]
    return len(stem) >= _ALIKE and stem[:_ALIKE] == before[:_ALIKE]


def _once(concepts: list[Concept]) -> tuple[Concept, ...]:
    kept: list[Concept] = []
    for concept in concepts:
        if not any(set(concept.stems) & set(other.stems) for other in kept):
            kept.append(concept._replace(stems=tuple(dict.fromkeys(concept.stems))))
    return tuple(kept)
