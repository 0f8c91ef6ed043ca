"""Pieces of words: what still meets when two spellings, endings or compounds do not."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from zlib import crc32

from codebook.words import FILLER, UNSPECIFIED

BUCKETS = 1 << 17
_SHORTEST, _LONGEST = 3, 5


def fold(text: str) -> str:
    """The text without accents; its length and places may differ from the original's."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def grams(words: Iterable[str]) -> Counter[int]:
    """The pieces of folded words, each within one word with its ends marked, by the number of their bucket."""
    counted: Counter[int] = Counter()
    for word in words:
        if word in FILLER or word in UNSPECIFIED:
            continue
        marked = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(marked) - length + 1):
                counted[crc32(marked[start : start + length].encode()) % BUCKETS] += 1
    return counted
