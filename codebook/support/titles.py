"""Codes as words know them: what their titles claim, what tells them from their siblings, how much a word tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import log
from typing import NamedTuple

from codebook.claims import Claims, claimed, claims, sided, telling
from codebook.phrases import Phrase
from codebook.reference import references_in
from codebook.tabular import TabularList
from codebook.words import sides, tokens

CATEGORY = 3
_RESIDUAL = re.compile(r"\bother\b", re.IGNORECASE)
_CLASSIFIABLE = re.compile(r"conditions classifiable (?:elsewhere in|to)\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"((?:[\w-]+ ){1,6})[(\[]([A-Z]{2,6})[)\]]")


class Described(NamedTuple):
    """A code as words know it, without its 7th character.

    ``steps`` are the words each level adds to the one above it; ``shared`` those that all its siblings add as well, which
    tell it from none of them; ``terms`` are the inclusion terms; ``vocabulary`` is every word that speaks for the code;
    ``residual`` codes are for what their neighbours are not ("other specified"), ``unspecified`` ones for want of detail.
    """

    code: str
    billable: bool
    title: Claims
    steps: tuple[frozenset[str], ...]
    shared: frozenset[str]
    terms: tuple[frozenset[str], ...]
    vocabulary: frozenset[str]
    sides: frozenset[str]
    residual: bool
    unspecified: bool


class Titles:
    """The codes of one book, each category worked out once, when first needed."""

    def __init__(self, book: TabularList) -> None:
        self.book = book
        self._categories: dict[str, dict[str, Described]] = {}
        self._by_word: dict[str, dict[str, tuple[Described, ...]]] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._abbreviated: dict[str, dict[str, frozenset[str]]] = {}
        self._classifiable: dict[str, tuple[str, ...]] = {}
        self._billable: dict[str, dict[str, str]] = {}
        self._counts: dict[str, int] = {}
        self._most = 1.0

    def described(self, code: str) -> Described | None:
        """The code as words know it; None when the book does not have it."""
        return self.category(code[:CATEGORY]).get(code)

    def category(self, category: str) -> dict[str, Described]:
        """Every code of a category, by its spelling."""
        if category not in self._categories:
            self._categories[category] = self._describe(category)
        return self._categories[category]

    def by_word(self, category: str) -> dict[str, tuple[Described, ...]]:
        """The billable codes of a category, by each word of their vocabulary."""
        if category not in self._by_word:
            held: dict[str, list[Described]] = {}
            for described in self.category(category).values():
                if described.billable:
                    for word in described.vocabulary:
                        held.setdefault(word, []).append(described)
            self._by_word[category] = {word: tuple(found) for word, found in held.items()}
        return self._by_word[category]

    def billable(self, category: str) -> dict[str, str]:
        """The titles of the billable codes of a category, by code."""
        if category not in self._billable:
            self._billable[category] = {code: title for code, title, billable, _ in self.book.rows_below(category) if billable}
        return self._billable[category]

    def abbreviations(self, category: str) -> dict[str, frozenset[str]]:
        """The words that abbreviations printed in the titles and terms of a category stand for."""
        self.category(category)
        return self._abbreviated[category]

    def above(self, code: str) -> list[Described]:
        """The headings above a code within its category."""
        entry = self.book.entry(code)
        category = self.category(code[:CATEGORY])
        return [category[level] for level in (entry.path if entry else ()) if level in category]

    def block(self, category: str) -> str:
        """The block a category stands in; empty when there is none."""
        entry = self.book.entry(category)
        return entry.path[-1] if entry and entry.path else ""

    def classifiable(self, code: str) -> tuple[str, ...]:
        """The references to the conditions a history code stands for ("Conditions classifiable to C15-C26"): those of its own
        inclusion terms, else, for a residual code, of the nearest heading that has some."""
        if code not in self._classifiable:
            self._classifiable[code] = self._conditions(code)
        return self._classifiable[code]

    def _conditions(self, code: str) -> tuple[str, ...]:
        entry, described = self.book.entry(code), self.described(code)
        if entry is None or described is None:
            return ()
        held = [entry, *(self.book.entry(level) for level in reversed(entry.path) if described.residual)]
        named = (
            tuple(
                reference
                for term in one.inclusion_terms
                if _CLASSIFIABLE.match(term)
                for reference in references_in(term, bare=True)
            )
            for one in held
            if one is not None
        )
        return next(filter(None, named), ())

    def words(self, code: str) -> frozenset[str]:
        """The words of the titles of a code, its category and its block."""
        if code not in self._words:
            category = code[:CATEGORY]
            above = [entry for one in (category, self.block(category)) if (entry := self.book.entry(one)) is not None]
            held = [certain(claims(entry.description)) for entry in above]
            self._words[code] = frozenset[str]().union(*held, self.title_words(code))
        return self._words[code]

    def title_words(self, code: str) -> frozenset[str]:
        """The words of a code's own title."""
        described = self.described(code)
        return described.title.words if described else frozenset()

    def meaning(self, phrase: Phrase) -> frozenset[str]:
        """The words that all codes of a phrase have in their titles."""
        held = [described.title.words for code in phrase.codes if (described := self.described(code)) is not None]
        return frozenset.intersection(*held) if held else frozenset()

    def weight(self, words: Iterable[str]) -> float:
        """How much words tell: less, the more categories of the book have them in their title."""
        if not self._counts:
            self._count()
        return sum(1 - log(1 + self._counts.get(word, 0)) / self._most for word in words)

    def _count(self) -> None:
        titles = self.book.category_titles()
        for title in titles:
            for word in telling(title):
                self._counts[word] = self._counts.get(word, 0) + 1
        self._most = log(2 + len(titles))

    def _describe(self, category: str) -> dict[str, Described]:
        terms: dict[str, list[frozenset[str]]] = {}
        printed = list(self.book.terms_below(category))
        for level, text in printed:
            terms.setdefault(level, []).append(claimed(text) | sided(sides(tokens(text))))
        rows = list(self.book.rows_below(category))
        self._abbreviated[category] = _abbreviations((*(text for _, text in printed), *(title for _, title, _, _ in rows)))
        shared = _shared(rows)
        found: dict[str, Described] = {}
        for code, title, reportable, parent in rows:
            own = claims(title)
            above = found.get(parent)
            common: frozenset[str] = frozenset()
            steps: tuple[frozenset[str], ...] = ()
            if above:
                alike = shared.get(parent, above.title.words)
                common = (alike - above.title.words) | (above.shared & own.words)
                steps = tuple(step & own.words for step in (*above.steps, own.words - alike))
            found[code] = Described(
                code=code,
                billable=reportable,
                title=own,
                steps=tuple(step for step in steps if step),
                shared=common,
                terms=tuple(terms.get(code, ())),
                vocabulary=own.words.union(*terms.get(code, ())),
                sides=sides(tokens(title)),
                residual=_RESIDUAL.search(title) is not None,
                unspecified="unspecified" in title.lower(),
            )
        return found


def certain(title: Claims) -> frozenset[str]:
    """The words of a title's clauses that have no alternatives."""
    return frozenset[str]().union(*(clause.words for clause in title.clauses if len(clause.alternatives) == 1))


def _abbreviations(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """What the abbreviations stand for that these texts print in brackets: as many words before it as it has letters."""
    return {
        short: telling(" ".join(before.split()[-len(short) :])) for text in texts for before, short in _ABBREVIATED.findall(text)
    }


def _shared(rows: Iterable[tuple[str, str, bool, str]]) -> dict[str, frozenset[str]]:
    """The words that all children of a heading have in their titles, by heading; none for an only child."""
    titles: dict[str, list[frozenset[str]]] = {}
    for _, title, _, parent in rows:
        titles.setdefault(parent, []).append(claims(title).words)
    return {parent: frozenset.intersection(*held) for parent, held in titles.items() if len(held) > 1}
