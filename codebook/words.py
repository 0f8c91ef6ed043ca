"""Words as the book and a chart share them: folded, stemmed, American, with sides and filler words set apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import snowballstemmer

from records.laterality import LETTERS, SIDES

_WORD = re.compile(r"\d+(?:\.\d+)?(?:[A-Za-z](?![^\W_]))?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SNOWBALL = snowballstemmer.stemmer("english")

_DATA = tomllib.loads(files("codebook").joinpath("data", "words.toml").read_text("utf-8"))

FILLER = frozenset(_DATA["filler"].split())
UNSPECIFIED = frozenset(_DATA["unspecified"].split())
MODIFIERS = frozenset(_DATA["modifiers"].split())
_COUNTED = frozenset(_DATA["counted"].split())
# Endings that make another word of the part they stand on: a prostate is no prostatitis.
_WHOLE = ("itis", "oma", "osis", "iasis")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_SPELLINGS = tuple((re.compile(pattern), american) for pattern, american in _DATA["spellings"])
_SAME = {word: row.split()[0] for row in _DATA["same"]["rows"] for word in row.split()}


class Token(NamedTuple):
    """One word of a text: its stem, its folded form, and where it stands."""

    stem: str
    folded: str
    start: int
    end: int


@lru_cache(maxsize=262144)
def stem(folded: str) -> str:
    """The stem of a folded word: one for its plural, its adjective and its British spelling."""
    if folded[0].isdigit():
        return folded
    for pattern, american in _SPELLINGS:
        folded = pattern.sub(american, folded)
    folded = _SAME.get(folded, folded)
    if folded.endswith(_WHOLE):
        return folded
    return str(_SNOWBALL.stemWord(folded)) if len(folded) > 3 else folded


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of ``text[start:end]``, fillers included, in order. Roman numerals after "type", "stage" ... are figures."""
    found: list[Token] = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        folded = match.group().lower().replace("’", "'")
        if folded.endswith("'s"):
            folded = folded[:-2]
        if folded == "w" and text.startswith("/", match.end()):
            folded = "without" if text.startswith(("/o", "/O"), match.end()) else "with"
        elif folded == "o" and found and found[-1].folded == "without" and text[match.start() - 1] == "/":
            continue
        if folded in _ROMAN and found and found[-1].folded in _COUNTED:
            folded = _ROMAN[folded]
        elif match.end() - match.start() <= 2:
            folded = _side_letter(text, match.start(), match.end()) or folded
        found.append(Token(stem(folded), folded, match.start(), match.end()))
    return found


def _side_letter(text: str, start: int, end: int) -> str | None:
    """The side a lone capital letter or two say ("L knee", "B/L", "OU"); None for litres, levels and anything else."""
    side = LETTERS.get(text[start : end + 2 if text.startswith("/L", end) else end])
    if side is None:
        return "the" if text[start - 2 : end] == "B/L" else None
    before, after = text[max(start - 3, 0) : start].rstrip(" ")[-1:], text[end : end + 2]
    alone = after == "/L" or not (after[:1].isalnum() or after[:1] in ("-", "/", "'"))
    return side if alone and not before.isdigit() and text[start - 1 : start] not in ("/", "-") else None


@lru_cache(maxsize=16384)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's meaning words: neither fillers nor sides nor "unspecified" and its like."""
    return content(token for token in tokens(text))


def content(found: Iterable[Token]) -> frozenset[str]:
    """The stems that carry meaning among tokens."""
    return frozenset(
        token.stem
        for token in found
        if token.folded not in FILLER and token.folded not in UNSPECIFIED and token.folded not in SIDES
    )


def sides(found: Iterable[Token]) -> frozenset[str]:
    """The sides that tokens name: left, right, bilateral; left and right together are bilateral as well."""
    named = {SIDES[token.folded] for token in found if token.folded in SIDES}
    if {"left", "right"} <= named:
        named.add("bilateral")
    return frozenset(named)
