"""Cues as data: ``cues.toml`` read once into phrases, and found again in the words of a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from typing import Literal, NamedTuple

from records.base import Record

Reach = Literal["after", "before", "around", ""]
Commas = Literal["any", "or", "none"]

_WORD = re.compile(
    r"""
    \b[wW]/[oO](?:ut)?\b | \b[wW]/(?![a-zA-Z]\b)         # w/o, w/
    | (?<=,\ )[-–](?=[a-zA-Z]) | \(\s?[-+]\s?\)           # ", -fever", (-), (+)
    | \[\s?[xX]?\s?\] | [☐☒☑]                            # boxes to tick
    | (?:19|20)\d\d(?![\d.,/]) | \d+(?:[.,]\d+)*          # years and numbers
    | \b[xX](?=\d)                                        # the x of "x3 days"
    | [^\W\d_](?:\w|['’](?=\w))*                         # words
    | [/?:;,()+] | \w
    """,
    re.VERBOSE,
)
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_LIST = re.compile(r"\{(\w+)\}")
_CLOSERS = frozenset({",", ";", ")", "/", "but"})
_LABEL_WORDS = 3
YEAR = "####"
NUMBER = "#"


class Word(NamedTuple):
    """One word or mark of a sentence: folded, with its offsets."""

    folded: str
    start: int
    end: int


class CueGroup(Record):
    """What ``cues.toml`` says of a group of cues; its header explains each field."""

    assertion: Literal[
        "absent", "family", "other_person", "hypothetical", "uncertain", "resolved", "present", "historical", "none", "end"
    ]
    reach: Reach = ""
    commas: Commas = "none"
    window: int | None = None
    until: tuple[str, ...] = ()
    until_dash: bool = False
    inside: bool = False
    closes: bool = False
    ends: tuple[str, ...] = ()
    phrases: tuple[str, ...]

    @cached_property
    def until_phrases(self) -> dict[str, list[tuple[str, ...]]]:
        """The words that end this group's reach, by their first word."""
        table: dict[str, list[tuple[str, ...]]] = {}
        for written in self.until:
            phrase = tuple(written.split())
            table.setdefault(phrase[0], []).append(phrase)
        return table


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue found in a sentence: its group and the words it covers (indices, half-open)."""

    group: CueGroup
    first: int
    last: int


class _CueData(Record):
    precedence: tuple[str, ...]
    lists: dict[str, tuple[str, ...]]
    cues: tuple[CueGroup, ...]


class _Phrases:
    """The phrases as a tree, word by word: the groups of the phrase that ends here, and how the longer ones go on."""

    __slots__ = ("branches", "groups")

    def __init__(self) -> None:
        self.branches: dict[str, _Phrases] = {}
        self.groups: list[CueGroup] = []

    def add(self, phrase: tuple[str, ...], group: CueGroup) -> None:
        """Adds a phrase. It may stand in several groups: each gives a cue."""
        branch = self
        for word in phrase:
            branch = branch.branches.setdefault(word, _Phrases())
        branch.groups.append(group)


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words and marks of ``text[start:end]``, folded to lower case, with their offsets in the text."""
    return [Word(_fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text, start, end)]


def _fold(word: str) -> str:
    if word in ("-", "–"):
        return "(-)"
    if word[0] in "wW" and word[1:2] == "/":
        return "with" if len(word) == 2 else "without"
    return word.lower().replace("’", "'") if word[0] not in "([" else "".join(word.lower().split())


def precedence() -> tuple[str, ...]:
    """The assertions in the order in which they win when several cues reach the same words."""
    return _data().precedence


def find_cues(words: Sequence[Word], text: str) -> Iterator[CueHit]:
    """Every cue among the words, longest first.

    What lies wholly inside a longer cue is none. A terminator hides nothing: ", possible" ends an absence and begins a doubt.
    """
    keys = [_class_of(word.folded) for word in words]
    covered = 0
    begins = _phrases().branches
    for first in (place for place, key in enumerate(keys) if key in begins):
        found: dict[bool, int] = {}
        for last, group in _matches(words, keys, first, text):
            ends = group.assertion == "end"
            if last > covered and last >= max(found.get(ends, 0), found.get(False, 0)) and _closes(group, words, last):
                found[ends] = last
                yield CueHit(group, first, last)
        covered = max(covered, found.get(False, 0))


def _matches(words: Sequence[Word], keys: list[str], first: int, text: str) -> list[tuple[int, CueGroup]]:
    """Every phrase that begins at that word: where it ends and its group, the longest first."""
    found: list[tuple[int, CueGroup]] = []
    branch = _phrases().branches.get(keys[first])
    last = first + 1
    while branch is not None:
        found.extend((last, group) for group in branch.groups)
        if last == len(words) or not _adjoin(text, words[last - 1].end, words[last].start):
            break
        branch = branch.branches.get(keys[last])
        last += 1
    found.reverse()
    return found


def _adjoin(text: str, end: int, start: int) -> bool:
    return end == start or text[end:start].strip() in ("", "-")


def _class_of(folded: str) -> str:
    if not folded[0].isdigit():
        return folded
    return YEAR if len(folded) == 4 and folded[:2] in ("19", "20") and folded.isdigit() else NUMBER


def _closes(group: CueGroup, words: Sequence[Word], after: int) -> bool:
    """Whether a cue that has to close its clause does: before a mark, or before the next label ("Fever: no Cough: yes")."""
    if not group.closes or after == len(words) or words[after].folded in _CLOSERS:
        return True
    return any(word.folded == ":" for word in words[after + 1 : after + 1 + _LABEL_WORDS])


@cache
def _data() -> _CueData:
    raw = tomllib.loads(files("records").joinpath("cues.toml").read_text("utf-8"))
    return _CueData.model_validate(raw)


@cache
def _phrases() -> _Phrases:
    tree = _Phrases()
    for group in _data().cues:
        for phrase in {expanded for written in group.phrases for expanded in _expand(written)}:
            tree.add(phrase, group)
    return tree


def _expand(written: str) -> Iterator[tuple[str, ...]]:
    """Every plain phrase a written one stands for."""
    named = _LIST.search(written)
    if named:
        for choice in _data().lists[named.group(1)]:
            yield from _expand(written[: named.start()] + choice + written[named.end() :])
        return
    pieces = _CHOICE.split(written)
    choices = [piece.split("|") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    for chosen in product(*choices):
        words = tuple(word for part in chosen for piece in part.split() for word in _pattern_words(piece))
        if words:
            yield words


@cache
def _pattern_words(piece: str) -> tuple[str, ...]:
    if piece in (YEAR, NUMBER):
        return (piece,)
    return tuple(_class_of(word.folded) for word in words_of(piece, 0, len(piece)))
