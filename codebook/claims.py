"""What a title claims: its words in clauses, and what it denies. Evidence must hold the first and may hold the second."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from codebook.words import FILLER, UNSPECIFIED, sides, stem, tokens
from records.laterality import SIDES

_DATA = tomllib.loads(files("codebook").joinpath("data", "claims.toml").read_text("utf-8"))
_GRANTED = frozenset(_DATA["granted"].split())
_COUNTED = frozenset(_DATA["counted"].split())
_ORDINALS = dict(_DATA["ordinals"])
_SAME = {stem(word): stem(row.split()[0]) for row in _DATA["same"] for word in row.split()}
_UNSAID = re.compile(_DATA["unsaid"])
_JOINING = tuple((re.compile(short), long) for short, long in _DATA["joining"])

SIDE_MARK = "@"
_ORDINAL = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)\b")
_LETTERED = re.compile(r"\b(\d)([a-e])\b")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CONNECTIVE = re.compile(
    r"[,;:]|\b(?:with or without|without mention of|without evidence of|without|not|no|excluding|except|due to|secondary to"
    r"|resulting from|related to|caused by|induced by|associated with|complicated by|following|during|with|in|by)\b"
)
_DENYING = frozenset(
    {"without mention of", "without evidence of", "without", "not", "no", "excluding", "except", "with or without"}
)
_EITHER = re.compile(r"\b(?:and|or)\b|/")


class Clause(NamedTuple):
    """One clause of a title: the telling words of its alternatives ("fascia and tendon" has two), mostly of one."""

    alternatives: tuple[frozenset[str], ...]

    @property
    def words(self) -> frozenset[str]:
        """The words of all its alternatives."""
        return frozenset[str]().union(*self.alternatives)


class Claims(NamedTuple):
    """A title taken apart: the clauses that must hold, all their words, and the words of what it denies."""

    clauses: tuple[Clause, ...]
    words: frozenset[str]
    denied: frozenset[str]


@lru_cache(maxsize=65536)
def telling(text: str) -> frozenset[str]:
    """The stems of a text that tell something, sides marked: no fillers, nothing that only says "unspecified"."""
    return frozenset(stem for stem, _ in _telling(_spelled(text))).union(sided(sides(tokens(text))))


def sided(named: frozenset[str]) -> frozenset[str]:
    """Sides as words no other word is: "left heart failure" is not heart failure."""
    return frozenset(f"{SIDE_MARK}{side}" for side in named)


def claimed(text: str) -> frozenset[str]:
    """The stems of a title or term that evidence has to speak of: without what is taken for granted."""
    return _claimed(_spelled(text))


@lru_cache(maxsize=65536)
def claims(title: str) -> Claims:
    """The claims of a title. What stands in brackets changes nothing (I.A.7) and is left out."""
    clauses: list[Clause] = []
    denied: frozenset[str] = frozenset()
    denying = False
    for connective, part in _parts(_UNSAID.sub(" ", _BRACKETS.sub(" ", _spelled(title)))):
        alternatives = tuple(words for piece in _EITHER.split(part) if (words := _claimed(piece)))
        denying = connective in _DENYING or (denying and connective == ",")
        if denying:
            denied = denied.union(*alternatives)
        elif len(alternatives) > 1 and connective == "," and clauses:
            clauses.append(Clause((*clauses.pop().alternatives, *alternatives)))
        elif alternatives:
            # "Calculus of kidney with calculus of ureter": what a clause adds is what it claims.
            said = frozenset[str]().union(*(clause.words for clause in clauses))
            clauses.append(Clause(tuple(words - said or words for words in alternatives)))
    held = frozenset[str]().union(*(clause.words for clause in clauses))
    return Claims(tuple(clauses), held, denied - held)


def _claimed(text: str) -> frozenset[str]:
    return frozenset(stem for stem, folded in _telling(text) if folded not in _GRANTED)


def _spelled(text: str) -> str:
    """The text in small letters, written out: "2nd" is second, the letter of "3a" a word, "w/o" is without."""
    lowered = _ORDINAL.sub(lambda found: _ORDINALS.get(found.group(), found.group()), text.lower())
    for short, long in _JOINING:
        lowered = short.sub(long, lowered)
    return _LETTERED.sub(r"\1 letter\2", lowered)


def _telling(text: str) -> Iterator[tuple[str, str]]:
    """Each telling word as its stem and as it is written."""
    before = ""
    for token in tokens(text):
        folded = token.folded
        if folded[0].isdigit():
            # "Type 2" is one word: a figure by itself tells nothing of types and stages.
            yield (f"{before}{folded}" if before in _COUNTED else folded), folded
            if "." in folded:
                yield folded.partition(".")[0], folded
        elif not (folded in FILLER or folded in UNSPECIFIED or folded in SIDES):
            yield _SAME.get(token.stem, token.stem), folded
        before = folded


def _parts(text: str) -> Iterable[tuple[str, str]]:
    """The parts of a title, each with the connective before it."""
    connective, start = "", 0
    for found in _CONNECTIVE.finditer(text):
        if text[start : found.start()].strip():
            yield connective, text[start : found.start()]
        connective, start = found.group(), found.end()
    if text[start:].strip():
        yield connective, text[start:]
