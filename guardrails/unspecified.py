"""Whether one code says more than another of the condition that the other leaves unspecified, by the book's headings."""

from __future__ import annotations

import re

from codebook.book import CodeBook
from records.laterality import sides_in

_UNSPECIFIED = re.compile(r"\bunspecified\b", re.IGNORECASE)
_CATEGORY = 3


def is_unspecified(book: CodeBook, code: str) -> bool:
    """Whether the book's title of the code or heading says "unspecified"."""
    entry = book.entry(code)
    return entry is not None and _UNSPECIFIED.search(entry.description) is not None


def specifies(book: CodeBook, plain: str, other: str) -> bool:
    """Whether ``other`` stands below the heading that ``plain`` leaves unspecified, and says more than it."""
    if plain == other or not is_unspecified(book, plain) or not same_side(book, plain, other):
        return False
    left_open = _specific_headings(book, plain)[-1:]
    found = _specific_headings(book, other)
    return bool(left_open) and left_open[0] in (found[:-1] if is_unspecified(book, other) else found)


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
