"""Left, right and bilateral: the sides that words say."""

from __future__ import annotations

import re
from functools import lru_cache

# Words that say a side and nothing else.
_PURE = {"left": "left lt lft leftsided", "right": "right rt rightsided", "bilateral": "bilateral bilaterally bilat both"}
SIDES = {word: side for side, words in _PURE.items() for word in words.split()}
# Letters that do where they stand alone in capitals: limbs, ears and the rest; eyes.
LETTERS = {"L": "left", "R": "right", "OS": "left", "OD": "right", "OU": "bilateral", "B/L": "bilateral"}
# Words that say a side with a part of the body, or a way.
_WITH_A_PART = {"left": "lue lle luq llq left-sided leftward", "right": "rue rle ruq rlq right-sided rightward", "bilateral": ""}
_BY_SIDE = {
    side: "|".join((*words.split(), *_WITH_A_PART[side].split(), *(letter for letter, said in LETTERS.items() if said == side)))
    for side, words in _PURE.items()
}
_WORDS = re.compile(
    rf"(?<![\w/])(?:{'|'.join(f'(?P<{side}>{words})' for side, words in _BY_SIDE.items())})(?![\w/])", re.IGNORECASE | re.ASCII
)
# "right" as an adverb, and letters that stand for something else.
_NOT_A_SIDE = re.compile(
    r"\bright (?:now|away|before|after|there|here|then|at|when|as|on|in|about)\b|\ball ?right\b|\bthat['’]s right\b"
    r"|\b(?:is|are|was|were|has|have|had|he|she|they|patient|been) left\b(?= (?:the|with|for|without|against|at|in|to))"
    r"|\b[lr]\d|(?<=[ (])[lr](?=[-/]\w)|\b(?:mg|mmol|g|meq|units?|u)/l\b|\br/o\b",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=16384)
def sides_in(text: str) -> frozenset[str]:
    """The sides the words say: any of left, right and bilateral. "Left and right" are all three."""
    if _WORDS.search(text) is None:
        return frozenset()
    found = {match.lastgroup for match in _WORDS.finditer(_NOT_A_SIDE.sub(" ", text))}
    if {"left", "right"} <= found:
        found.add("bilateral")
    return frozenset(side for side in found if side)
