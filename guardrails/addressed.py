"""Text that speaks to whoever codes the chart: found under look-alike letters, invisible marks and simple encodings.

It is read line by line, each with the beginning of the next, because a sentence may be wrapped.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

from pydantic import Field

from records.base import Record

HIDDEN = "characters that nobody sees"
ENCODED = "encoded text"
BACKWARDS = "commands written backwards or in a cipher"
MIXED = "words that mix alphabets"

# Tag characters, overrides of the direction of writing, and invisible operators have no use in a chart.
_NEVER_MEANT = re.compile("[\u202a-\u202e\u2066-\u2069\u2061-\u2064\U000e0000-\U000e007f]")
_WITHIN_WORD = re.compile(r"[^\W\d_][\u200b-\u200d\u2060\ufeff][^\W\d_]")
_STRUCK = re.compile(r"(?:\w[\u0300-\u036f]+){4}")
_SPACED = re.compile(r"(?<!\S)(?:\w ){4,}\w(?!\S)")
# A single blank is what it is replaced by.
_BLANKS = re.compile(r"\s{2,}|[^\S ]")
_BLANKS_OF_A_LINE = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
# Greek letters stand beside Latin ones in names of substances (TNFα), but not inside of words.
_MIXED = re.compile(r"[a-z][\u0400-\u04ff\u0530-\u058f]|[\u0400-\u04ff\u0530-\u058f][a-z]|[a-z][\u0370-\u03ff][a-z]")
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){20,}(?![0-9A-Fa-f])")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){8,}")
_ENCODED_AT_LEAST = 24
_PRINTABLE = 0.9


class Pattern(Record):
    """Regular expressions that say the same of a text."""

    says: str
    any: tuple[str, ...] = Field(min_length=1)


class Table(Record):
    """guardrails/addressed_text.toml."""

    watchwords: tuple[str, ...]
    lookalikes: dict[str, str]
    pattern: tuple[Pattern, ...]


@cache
def _table() -> Table:
    content = files("guardrails").joinpath("addressed_text.toml").read_text(encoding="utf-8")
    return Table.model_validate(tomllib.loads(content))


_WORD_BEGINS = r"\b"
_GROUP = re.compile(r"\([^()]*\)")
_WORDS = re.compile(r"\w+")
# An expression that begins with whole words: a group of them, or one, and behind them what ends a word.
_OPENING = re.compile(r"\\b(?:\((?:\?:)?(?P<any>[a-z_]+(?: [^()|]*)?(?:\|[a-z_]+(?: [^()|]*)?)*)\)|(?P<one>[a-z_]+))(?= |\\b|$)")


class Opened(NamedTuple):
    """An expression, and the words one of which it begins with."""

    words: frozenset[str]
    expression: re.Pattern[str]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one.says, re.compile("|".join(f"(?:{each})" for each in one.any), re.MULTILINE)) for one in _table().pattern)


@cache
def _opened() -> tuple[Opened, ...]:
    """The expressions that begin with words they name: a text that has none of these needs no look."""
    return tuple(Opened(words, re.compile(each, re.MULTILINE)) for each in _expressions() if (words := _opening(each)))


@cache
def _others() -> tuple[re.Pattern[str], ...]:
    """The other expressions. Those that begin at a word are one alternation behind one look for a word: half the work."""
    others = [each for each in _expressions() if not _opening(each)]
    at_words = [one.removeprefix(_WORD_BEGINS) for one in others if one.startswith(_WORD_BEGINS)]
    alternatives = (f"(?:{one})" if "|" in _outside_groups(one) else one for one in at_words)
    anywhere = (one for one in others if not one.startswith(_WORD_BEGINS))
    return tuple(re.compile(one, re.MULTILINE) for one in (rf"\b(?=\w)(?:{'|'.join(alternatives)})", *anywhere))


def _expressions() -> tuple[str, ...]:
    return tuple(each for row in _table().pattern for each in row.any)


def _opening(expression: str) -> frozenset[str]:
    found = None if "|" in _outside_groups(expression) else _OPENING.match(expression)
    if found is None:
        return frozenset()
    return frozenset(words.split(" ")[0] for words in (found["any"] or found["one"]).split("|"))


def _outside_groups(expression: str) -> str:
    """What of an expression stands in no group."""
    while (outside := _GROUP.sub("", expression)) != expression:
        expression = outside
    return expression


@cache
def _anchored() -> tuple[re.Pattern[str], ...]:
    """What counts only at the beginning of a line."""
    return tuple(re.compile(each, re.MULTILINE) for each in _expressions() if each.startswith("^"))


@cache
def _disguised() -> tuple[str, ...]:
    words = _table().watchwords
    return (*(word[::-1] for word in words), *(codecs.encode(word, "rot13") for word in words))


@cache
def _lookalikes() -> dict[int, str]:
    return str.maketrans(_table().lookalikes)


class Line(NamedTuple):
    """A line that speaks to whoever codes the chart, and the paragraph it opens: its own words and all below, to a blank line."""

    start: int
    end: int
    paragraph_end: int
    says: str


def addressed(text: str) -> Iterator[Line]:
    """Every line that speaks to whoever codes the chart."""
    if not _suspicious(text):
        return
    lines = text.splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        what = _says(line) or _across(line, following)
        if what and line.strip():
            last = number
            while last + 1 < len(lines) and lines[last + 1].strip():
                last += 1
            low = starts[number] + len(line) - len(line.lstrip())
            yield Line(low, starts[number] + len(line.rstrip()), starts[last + 1], what)


@lru_cache(maxsize=4096)
def says(text: str) -> str:
    """What betrays a short text, such as a field of the chart; empty when nothing does."""
    return _says(text)


def _suspicious(text: str) -> bool:
    """Whether any line may be hit: the whole text looked at once, which is what most charts cost.

    Read as one line it holds all that its lines and their joints say, but for what must stand at the beginning of a line.
    """
    if _disguise(text):
        return True
    read = normal(text)
    joined = _BLANKS.sub(" ", read)
    words = frozenset(_WORDS.findall(joined))
    return (
        any(one.expression.search(joined) for one in _opened() if one.words & words)
        or any(expression.search(joined) for expression in _others())
        or any(pattern.search(read) for pattern in _anchored())
        or any(word in joined for word in _disguised())
    )


def _across(line: str, following: str) -> str:
    """What a sentence says that goes on in the next line, when neither line says it alone."""
    if not line.strip() or not following.strip():
        return ""
    return "" if _says(following) else _says(f"{line.rstrip()} {following.lstrip()}")


def _says(text: str) -> str:
    disguise = _disguise(text)
    if disguise:
        return disguise
    read = normal(text)
    for words, pattern in _patterns():
        if pattern.search(read):
            return words
    return BACKWARDS if any(word in read for word in _disguised()) else ""


def _disguise(text: str) -> str:
    """How a text hides what it says; empty when it does not."""
    if not text.isascii():
        if _NEVER_MEANT.search(text) or _WITHIN_WORD.search(text) or _STRUCK.search(text):
            return HIDDEN
        if _MIXED.search(text.casefold()):
            return MIXED
    return ENCODED if _encoded(text) else ""


def normal(text: str) -> str:
    """The text as an eye reads it: small letters, no marks that are not seen, look-alike letters as what they look like."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        unseen = [ord(letter) for letter in set(text) if not letter.isascii() and unicodedata.category(letter) in ("Cf", "Mn")]
        text = text.translate(dict.fromkeys(unseen)) if unseen else text
        text = text.casefold().translate(_lookalikes())
    text = _SPACED.sub(lambda found: found.group().replace(" ", ""), text.lower())
    return _BLANKS_OF_A_LINE.sub(" ", text)


def _encoded(text: str) -> bool:
    if all(len(word) < _ENCODED_AT_LEAST for word in text.split()):
        return False  # what the three expressions look for is longer and has no blanks
    if _PERCENT.search(text):
        return True
    return any(_is_text(_unhexed(found.group())) for found in _HEX.finditer(text)) or any(
        _is_text(_unbased(found.group())) for found in _BASE64.finditer(text)
    )


def _unhexed(token: str) -> bytes:
    return bytes.fromhex(token)


def _unbased(token: str) -> bytes:
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_text(decoded: bytes) -> bool:
    """Whether decoded bytes are words: letters and blanks, which the bytes of an identifier are not."""
    if not decoded or b" " not in decoded.strip():
        return False
    readable = sum(32 <= byte < 127 for byte in decoded)
    return readable >= _PRINTABLE * len(decoded)
