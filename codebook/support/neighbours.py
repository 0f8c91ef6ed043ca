"""Which codes beside one fit what is said better: siblings, children, and the same place in the categories beside it."""

from __future__ import annotations

from codebook.claims import SIDE_MARK, telling
from codebook.support.reach import TELLING, unsaid
from codebook.support.said import Said
from codebook.support.titles import CATEGORY, Described, Titles

BEST_AT_MOST = 3


def better(titles: Titles, code: Described, said: Said, left: frozenset[str] | None) -> list[Described]:
    """The neighbours that hold all that is said of the code, and more of what is said. ``left`` is what it leaves unsaid."""
    own = code.vocabulary.union(*(phrase.words for phrase in said.joined if code.code in phrase.codes))
    beyond = frozenset(word for word in said.meant - own if word[0] != SIDE_MARK)
    ranked = []
    for other in _neighbours(titles, code, beyond, said):
        gain = titles.weight(other.vocabulary & beyond)
        if gain < TELLING and not (said.leads_to(other, together=False) and _idle(code, said, left)):
            continue
        if other.code == code.code or _loses(code, other, said) or unsaid(titles, other, said) != frozenset():
            continue
        ranked.append((not _same_side(code, other, said), -gain, len(other.vocabulary), other.code, other))
    ranked.sort(key=lambda row: row[:4])
    return [row[-1] for row in ranked if row[0] == ranked[0][0]][:BEST_AT_MOST]


def _idle(code: Described, said: Said, left: frozenset[str] | None) -> bool:
    """Whether nothing leads to the code, and it says what was not said, or stands for what has no code."""
    return not said.names(code) and (code.residual or code.unspecified or left != frozenset())


def _loses(code: Described, other: Described, said: Said) -> bool:
    """Whether the code says something of what is said that the other does not."""
    held = code.title.words & (said.meant | said.implied)
    return bool(held - other.vocabulary) or bool(code.sides and not other.sides)


def _same_side(code: Described, other: Described, said: Said) -> bool:
    return other.sides == code.sides if code.sides or not said.sides else other.sides == said.sides


def _neighbours(titles: Titles, code: Described, beyond: frozenset[str], said: Said) -> list[Described]:
    """Billable codes of the same category, and of the same place in the categories beside it, that the words name."""
    category = code.code[:CATEGORY]
    by_word = titles.by_word(category)
    found = {other.code: other for word in beyond for other in by_word.get(word, ())}
    block = titles.block(category)
    for phrase in said.phrases:
        led = titles.described(phrase.codes[0])
        if led is None or not led.billable or not _alike(titles, led.code, code.code):
            continue
        if titles.block(led.code[:CATEGORY]) == block:
            found.setdefault(led.code, led)
    for cousin in _cousins(titles, code.code, beyond):
        if cousin.vocabulary & beyond:
            found.setdefault(cousin.code, cousin)
    return list(found.values())


def _cousins(titles: Titles, code: str, beyond: frozenset[str]) -> list[Described]:
    block = titles.book.entry(titles.block(code[:CATEGORY]))
    beside = [category for category in (block.children if block else ()) if category != code[:CATEGORY]]
    named = [
        one for category in beside if len(category) == CATEGORY and _has_words(titles, one := category + code[CATEGORY:], beyond)
    ]
    found = [titles.described(one) for one in named]
    return [cousin for cousin in found if cousin is not None and cousin.billable and _alike(titles, cousin.code, code)]


def _has_words(titles: Titles, code: str, words: frozenset[str]) -> bool:
    """Whether the code's title or terms have one of the words, before its whole category is worked out."""
    entry = titles.book.entry(code)
    texts = (entry.description, *entry.inclusion_terms) if entry is not None else ()
    return any(telling(text) & words for text in texts)


def _alike(titles: Titles, one: str, other: str) -> bool:
    """Whether two codes need the same kind of statement: a past condition is no neighbour of a present one."""
    return titles.book.need(one).assertions == titles.book.need(other).assertions
