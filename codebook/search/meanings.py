"""Other words for a word: wider or neighbouring ones, near spellings, and what the parts of a compound say."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from rapidfuzz import fuzz, process

from codebook.search.index import Index
from codebook.words import stem, tokens

# How far another word answers for the one that was asked.
RELATED = 0.65
_PART = 0.5
_NEAR = 88.0
_SHORTEST_NEAR = 6
_SHORTEST_COMPOUND = 7
_SHORTEST_REST = 4


class Meaning(NamedTuple):
    """Words of the index, by number, any of which answers in part, and the share of the asked word's mass they stand for."""

    forms: tuple[tuple[int, float], ...]
    share: float


@cache
def related() -> dict[str, tuple[str, ...]]:
    """The stems that answer in part for a stem, nearest first."""
    rows: dict[str, tuple[str, ...]] = {}
    for word, others in _rows("related.tsv"):
        rows[stem(word)] = tuple(token.stem for token in tokens(others))
    return rows


@cache
def parts() -> dict[str, dict[str, tuple[str, ...]]]:
    """Word parts by where they stand, with the stems of what they say."""
    made: dict[str, dict[str, tuple[str, ...]]] = {"front": {}, "end": {}}
    for part, place, *said in _rows("word_parts.tsv"):
        for end in made if place == "both" else (place,):
            made[end][part] = tuple(token.stem for token in tokens(" ".join(said)))
    return made


def meanings(index: Index, stems: tuple[str, ...]) -> list[Meaning]:
    """What a concept may be called in the index: itself and its neighbours, else near spellings, else its parts."""
    known = [index.vocabulary[one] for one in stems if one in index.vocabulary]
    forms = dict.fromkeys(known, 1.0)
    for one in stems:
        for other in related().get(one, ()):
            if other in index.vocabulary:
                forms.setdefault(index.vocabulary[other], RELATED)
    if known:
        return [Meaning(tuple(forms.items()), 1.0)]
    for one in stems:
        for near, score in _near(index, one):
            forms.setdefault(index.vocabulary[near], score / 100 * 0.9)
    if forms:
        return [Meaning(tuple(forms.items()), 1.0)]
    split = _split(index, stems[0])
    return [Meaning(tuple((word, 1.0) for word in said), _PART) for said in split]


def plainly(index: Index, stems: tuple[str, ...]) -> list[Meaning]:
    """A concept as it was written and nothing else."""
    known = tuple((index.vocabulary[one], 1.0) for one in stems if one in index.vocabulary)
    return [Meaning(known, 1.0)] if known else []


def _near(index: Index, word: str) -> list[tuple[str, float]]:
    if len(word) < _SHORTEST_NEAR:
        return []
    candidates = index.by_initial.get(word[0], ())
    return [
        (found, score) for found, score, _ in process.extract(word, candidates, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
    ]


def _split(index: Index, word: str) -> list[tuple[int, ...]]:
    """The parts of a compound as words of the index: the longest known beginning, and what follows it."""
    if len(word) < _SHORTEST_COMPOUND:
        return []
    best: list[tuple[int, ...]] = []
    whole = _endings(word)
    for cut in range(len(word) - 3, 1, -1):
        front, rest = word[:cut], word[cut:]
        said = parts()["front"].get(front) or parts()["front"].get(front.rstrip("o"))
        if not said:
            continue
        following = _rest(index, rest)
        if following:
            return [one for one in (_words(index, said), following) if one]
        best = best or [_words(index, said)]
    if whole:
        best.append(_words(index, whole))
    return [one for one in best if one]


def _rest(index: Index, rest: str) -> tuple[int, ...]:
    stemmed = stem(rest) if rest else rest
    if len(rest) >= _SHORTEST_REST and stemmed in index.vocabulary:
        return (index.vocabulary[stemmed],)
    return _words(index, _endings(rest))


def _endings(word: str) -> tuple[str, ...]:
    for ending in sorted(_stemmed_endings(), key=len, reverse=True):
        if word.endswith(ending):
            return _stemmed_endings()[ending]
    return ()


@lru_cache(maxsize=1)
def _stemmed_endings() -> dict[str, tuple[str, ...]]:
    """Endings as they look after stemming: what is split is a stem already."""
    return {**parts()["end"], **{stem(part): said for part, said in parts()["end"].items()}}


def _words(index: Index, said: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(index.vocabulary[one] for one in said if one in index.vocabulary)


def _rows(name: str) -> list[list[str]]:
    written = files("codebook").joinpath("data", "search", name).read_text("utf-8")
    return [line.split("\t") for line in written.splitlines() if line and not line.startswith("#")]
