"""Whether one code says more than another of the condition that the other leaves unspecified, by the book's headings."""

from __future__ import annotations

import re
from functools import lru_cache

from codebook.book import CodeBook
from codebook.claims import claims
from codebook.synonyms import terms_of
from records.laterality import sides_in

_UNSPECIFIED = re.compile(r"\bunspecified\b", re.IGNORECASE)
_CATEGORY = 3


@lru_cache(maxsize=65536)
def is_unspecified(book: CodeBook, code: str) -> bool:
    """Whether the book's title of the code or heading says "unspecified"."""
    entry = book.entry(code)
    return entry is not None and _UNSPECIFIED.search(entry.description) is not None


@lru_cache(maxsize=65536)
def specifies(book: CodeBook, plain: str, other: str) -> bool:
    """Whether ``other`` stands below the heading that ``plain`` leaves unspecified, and says more than it."""
    if plain == other or not is_unspecified(book, plain) or not same_side(book, plain, other):
        return False
    left_open = _specific_headings(book, plain)[-1:]
    found = _specific_headings(book, other)
    return bool(left_open) and left_open[0] in (found[:-1] if is_unspecified(book, other) else found)


@lru_cache(maxsize=4096)
def words_that_specify(book: CodeBook, plain: str) -> frozenset[str]:
    """Stems and terms in small letters: a text that says more than the code does has one of them."""
    entry = book.entry(plain)
    own = claims(entry.description).words if entry is not None else frozenset()
    below = book.rows_below(plain[:_CATEGORY])
    more = [(code, title) for code, title, billable, _ in below if billable and specifies(book, plain, code)]
    stems = frozenset[str]().union(*(claims(title).words for _, title in more)) - own
    levels = {level for code, _ in more for level in (code, *headings(book, code)[1:])}
    return stems | {term.lower() for level in levels for term in terms_of(level)}


def headings(book: CodeBook, code: str) -> tuple[str, ...]:
    """The headings above a code within its category, the category first."""
    entry = book.entry(code)
    path = entry.path if entry is not None else ()
    return tuple(level for level in path if level[:_CATEGORY] == code[:_CATEGORY] and "-" not in level)


def same_side(book: CodeBook, one: str, other: str) -> bool:
    """Whether the titles name no two different sides."""
    named = [sides_in(entry.description) for code in (one, other) if (entry := book.entry(code)) is not None]
    return not all(named) or bool(frozenset.intersection(*named))


def _specific_headings(book: CodeBook, code: str) -> list[str]:
    return [level for level in headings(book, code) if not is_unspecified(book, level)]
