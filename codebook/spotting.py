"""Spotting: every phrase of the term table found in a text, in one pass, with the codes it leads to there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codebook.clauses import beside, clauses
from codebook.specify import Context, fit, specify
from codebook.tabular import TabularList
from codebook.terms import LONGEST, Target, TermTable, key_of
from codebook.words import FILLER, MODIFIERS, UNSPECIFIED, Token, tokens
from records.laterality import SIDES
from records.sentences import words_begin

_SOFT = re.compile(r"[,()\[\]/\"“”…=<>~]|\.\.|\bbut\b")
_EXACT = {"synonym": 1.0, "title": 0.95, "inclusion": 0.9, "index": 0.87}
_LOOSE = 0.85
_GAP = 24
_ATTACHED = {
    *SIDES,
    "acute",
    "chronic",
    "subacute",
    "recurrent",
    "persistent",
    "mild",
    "moderate",
    "severe",
    "uncontrolled",
    "worsening",
}
_SHORT = 4
_NEAR = 200
_RELATING = {
    "on",
    "for",
    "by",
    "from",
    "with",
    "and",
    "or",
    "as",
    "per",
    "into",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "who",
    "that",
}


class Mention(NamedTuple):
    """A phrase found in a text: ``text[start:end]`` with the codes it leads to, best first, headings where no child is meant.

    ``term`` and ``source`` say by which row; ``score`` is 1 for a clinician's own phrase, less for looser matches;
    ``ambiguous`` means that nothing near settles what the words mean.
    """

    start: int
    end: int
    term: str
    codes: tuple[str, ...]
    score: float
    source: str
    ambiguous: bool


class _Found(NamedTuple):
    first: int
    last: int
    targets: tuple[Target, ...]
    loose: bool
    words: int


def spot(book: TabularList, table: TermTable, text: str, known: str = "") -> list[Mention]:
    """Every mention in the text, in its order; none lies wholly inside a longer one.

    ``known`` is what else is known of the patient and may tell one code from another ("female").
    """
    said = tokens(known)
    mentions: list[Mention] = []
    for low, high in clauses(text):
        words = tokens(text, words_begin(text, low), high)
        found = [one for one in _longest(_matches(table, words, text)) if _whole(text, words[one.first], words[one.last - 1])]
        if not found:
            continue
        layout = beside(text, low, high)
        for place, one in enumerate(found):
            # What tells one condition of a list from its neighbours stands between them.
            first = min(found[place - 1].last if place else 0, _item(words, text, one.first, -1))
            last = max(found[place + 1].first if place + 1 < len(found) else len(words), _item(words, text, one.last, 1))
            mentions.append(_mention(book, one, words, Context.of([*said, *layout, *words[first:last]]), text))
    return mentions


def _item(words: list[Token], text: str, index: int, step: int) -> int:
    """Where the item of a list that holds this word begins (step -1) or ends (step 1): at a comma, or at "and"."""
    while 0 < index < len(words):
        if words[index - (step < 0)].folded == "and" or "," in text[words[index - 1].end : words[index].start]:
            break
        index += step
    return index


def _whole(text: str, first: Token, last: Token) -> bool:
    """Whether a phrase stands on whole words: "GAD7" holds no "GAD"."""
    before, after = text[first.start - 1 : first.start], text[last.end : last.end + 1]
    return not (before.isalnum() or after.isalnum())


def _matches(table: TermTable, words: list[Token], text: str) -> Iterator[_Found]:
    meaning = [
        index
        for index, token in enumerate(words)
        if token.folded not in FILLER and token.folded not in SIDES and token.folded not in UNSPECIFIED
    ]
    for index, token in enumerate(words):
        targets = table.spellings.get(text[token.start : token.end])
        if targets:
            yield _Found(index, index + 1, targets, False, 1)
    for place in range(len(meaning)):
        yield from _from(table, words, text, meaning, place)


def _from(table: TermTable, words: list[Token], text: str, meaning: list[int], place: int) -> Iterator[_Found]:
    """The phrases that begin at one meaning word: exactly its words, or its words without modifiers."""
    first = meaning[place]
    whole: set[str] = set()
    bare: set[str] = set()
    for index in meaning[place : place + LONGEST + 3]:
        token = words[index]
        modifier = token.folded in MODIFIERS
        if index > first and _parted(words, text, index) and not (modifier and _after_comma(words, text, index)):
            return
        if token.stem not in table.known and not modifier:
            return
        whole.add(token.stem)
        if not modifier:
            bare.add(token.stem)
        targets = table.phrases.get(key_of(frozenset(whole)))
        if targets and ("no" in whole or _related(words[first : index + 1])):
            targets = _in_order(targets, words[first : index + 1])
        if targets and _spelled(targets, text, words[first], token):
            yield _Found(first, index + 1, targets, _crosses(words[first : index + 1], text), len(whole))
        elif bare and bare != whole and not modifier and words[first].folded not in MODIFIERS:
            targets = table.phrases.get(key_of(frozenset(bare)))
            if targets and _spelled(targets, text, words[first], token):
                yield _Found(first, index + 1, targets, True, len(bare))


def _parted(words: list[Token], text: str, index: int) -> bool:
    between = text[words[index - 1].end : words[index].start]
    return bool(_SOFT.search(between)) or len(between) > _GAP


def _crosses(found: list[Token], text: str) -> bool:
    """Whether the words reach over a comma ("fracture, left foot"): of equal finds the one that does not is meant."""
    return "," in text[found[0].start : found[-1].end]


def _after_comma(words: list[Token], text: str, index: int) -> bool:
    """Whether nothing but a comma parts a word from the one before it: "MDD, recurrent" is one phrase."""
    return text[words[index - 1].end : words[index].start].strip() == ","


def _related(found: list[Token]) -> bool:
    """Whether words stand between that relate two things: turned round they say something else ("pain on chronic NSAID")."""
    return any(token.folded in _RELATING for token in found)


def _in_order(targets: tuple[Target, ...], found: list[Token]) -> tuple[Target, ...]:
    """The targets whose term has these words in this order: "no shows" is not "shows no"."""
    said = _ordered(found)
    return tuple(target for target in targets if _ordered(tokens(target.term)) == said)


def _ordered(found: list[Token]) -> list[str]:
    return [token.stem for token in found if token.folded not in FILLER and token.folded not in SIDES]


def _spelled(targets: tuple[Target, ...], text: str, first: Token, last: Token) -> bool:
    written = text[first.start : last.end]
    if len(written) <= _SHORT and written.isupper():
        # An abbreviation is no plural: "LUE" is not lues.
        targets = tuple(one for one in targets if written in one.term or written.lower() in one.term.lower().split())
    return any(not target.cased or target.term == written for target in targets)


def _longest(found: Iterator[_Found]) -> Iterator[_Found]:
    """Of overlapping finds the longest, the exact one first."""
    taken: list[_Found] = []
    for one in sorted(found, key=lambda one: (-one.words, one.loose, one.first - one.last, one.first)):
        if not any(one.first < other.last and other.first < one.last for other in taken):
            taken.append(one)
    yield from sorted(taken)


def _mention(book: TabularList, one: _Found, words: list[Token], context: Context, text: str) -> Mention:
    settled = [t for t in one.targets if not t.ambiguous]
    if len(settled) < len(one.targets):
        around = _around(text, words[one.first].start, words[one.last - 1].end)
        settled = [t for t in one.targets if not t.ambiguous or any(word in around for word in t.context)]
    targets = settled or one.targets
    codes = list(dict.fromkeys(specify(book, target.code, context) for target in targets))
    if len(codes) > 1 and context.sides:
        codes.sort(key=lambda code: -fit(book, code, context))
    best = targets[0]
    score = _LOOSE if one.loose else _EXACT[best.source]
    start, end = _phrase(words, one, text)
    return Mention(start, end, best.term, tuple(codes), score, best.source, not settled)


def _phrase(words: list[Token], one: _Found, text: str) -> tuple[int, int]:
    """The bounds of a find with the sides and degrees written directly before it: they are part of what is said."""
    first = one.first
    while first and words[first - 1].folded in _ATTACHED and not _parted(words, text, first):
        first -= 1
    return words[first].start, words[one.last - 1].end


def _around(text: str, start: int, end: int) -> frozenset[str]:
    """The stems near a place, its own words left out: they cannot settle what they mean."""
    near = (*tokens(text, max(start - _NEAR, 0), start), *tokens(text, end, min(end + _NEAR, len(text))))
    return frozenset(token.stem for token in near)
