"""Left, right and bilateral: the sides that words say."""

from __future__ import annotations

import re

_LEFT = r"left|lt|l|lue|lle|luq|llq|os|lft|left-sided|leftward"
_RIGHT = r"right|rt|r|rue|rle|ruq|rlq|od|right-sided|rightward"
_BOTH = r"bilateral|bilaterally|bilat|both|ou|b/l"
_WORDS = re.compile(rf"(?<![\w/])(?:(?P<left>{_LEFT})|(?P<right>{_RIGHT})|(?P<bilateral>{_BOTH}))(?![\w/])", re.IGNORECASE)
# "right" as an adverb, and letters that stand for something else.
_NOT_A_SIDE = re.compile(
    r"\bright (?:now|away|before|after|there|here|then|at|when|as|on|in|about)\b|\ball ?right\b|\bthat['’]s right\b"
    r"|\b(?:is|are|was|were|has|have|had|he|she|they|patient|been) left\b(?= (?:the|with|for|without|against|at|in|to))"
    r"|\b[lr]\d|(?<=[ (])[lr](?=[-/]\w)|\b(?:mg|mmol|g|meq|units?|u)/l\b|\br/o\b",
    re.IGNORECASE,
)


def sides_in(text: str) -> frozenset[str]:
    """The sides the words say: any of left, right and bilateral. "Left and right" are all three."""
    found = {match.lastgroup for match in _WORDS.finditer(_NOT_A_SIDE.sub(" ", text))}
    if {"left", "right"} <= found:
        found.add("bilateral")
    return frozenset(side for side in found if side)
