"""Which clinical synonyms a few words amount to, whatever their order and whatever stands between them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import NamedTuple

from codebook.claims import claims, telling
from codebook.kept import kept
from codebook.synonyms import Synonym, synonyms, synonyms_sha256

_DENYING = frozenset({"without", "no", "not", "non"})
_PIECE = re.compile(r"(?<!\b[A-Za-z])[.;:\n](?=\s|$)")


class Phrase(NamedTuple):
    """A synonym that was found: its words and the codes it leads to, best first."""

    words: frozenset[str]
    codes: tuple[str, ...]


class _Index(NamedTuple):
    """The synonyms by the rarest of their words; those that count only as spelled by their spelling."""

    by_word: dict[str, tuple[Phrase, ...]]
    by_spelling: dict[str, Phrase]


# What makes the index what it is: when one of these files changes, it is made again.
_MAKERS = (
    "../records/laterality.py",
    "words.py",
    "claims.py",
    "phrases.py",
    "synonyms.py",
    "data/words.toml",
    "data/claims.toml",
)


@cache
def _index() -> _Index:
    by_word, by_spelling = kept("phrases", (synonyms_sha256(),), _MAKERS, _build)
    return _Index(
        {word: tuple(Phrase(*one) for one in found) for word, found in by_word.items()},
        {spelling: Phrase(*one) for spelling, one in by_spelling.items()},
    )


_Stored = tuple[frozenset[str], tuple[str, ...]]


def _build() -> tuple[dict[str, list[_Stored]], dict[str, _Stored]]:
    rows = [(row, telling(row.term)) for row in synonyms()]
    counted = Counter(word for _, words in rows for word in words)
    by_word: dict[str, list[_Stored]] = {}
    by_spelling: dict[str, _Stored] = {}
    for row, words in rows:
        if _spelled_only(row, words):
            by_spelling.setdefault(row.term, (words or frozenset({row.term.lower()}), row.codes))
        else:
            by_word.setdefault(min(words, key=lambda word: (counted[word], word)), []).append((words, row.codes))
    return by_word, by_spelling


def _spelled_only(row: Synonym, words: frozenset[str]) -> bool:
    return not words or (row.cased and " " not in row.term)


@lru_cache(maxsize=16384)
def phrases_in(text: str) -> tuple[Phrase, ...]:
    """The synonyms whose words stand together in one sentence of the text; none that is part of a longer one there, and none
    that the sentence denies ("migraine without aura"), unless the synonym denies it as well."""
    found: dict[Phrase, None] = {}
    for piece in _PIECE.split(text):
        denied = claims(piece).denied
        said = [
            one for one in (*phrases_of(telling(piece)), *_as_spelled(piece)) if not one.words & denied or one.words & _DENYING
        ]
        found.update(dict.fromkeys(_longest(said)))
    return tuple(found)


def phrases_of(words: frozenset[str]) -> list[Phrase]:
    """The synonyms all of whose words are among these."""
    index = _index().by_word
    return [phrase for word in words for phrase in index.get(word, ()) if phrase.words <= words]


def _as_spelled(text: str) -> list[Phrase]:
    index = _index().by_spelling
    return [index[word] for word in re.findall(r"[\w/&-]+", text) if word in index]


def _longest(found: list[Phrase]) -> list[Phrase]:
    return [one for one in found if not any(one.words < other.words for other in found)]
