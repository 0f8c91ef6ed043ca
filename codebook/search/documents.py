"""What search looks through: every heading and code as a unit, and every phrase the books and this project have for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from codebook import alphabetic
from codebook.synonyms import synonyms
from codebook.tabular import TabularList

TITLE, INCLUSION, SYNONYM, INDEXED = range(4)
_SEVENTH = 7
_REFERENCE = re.compile(r"\s*\([A-Z]\d[^()]*\)")


class Phrase(NamedTuple):
    """One way to say a unit. The words of ``beside`` may stand with it and need not."""

    unit: int
    kind: int
    text: str
    beside: str = ""


@dataclass
class Documents:
    """The units in the order of the book. A code completed by a 7th character is not one: the code it completes is.

    ``parents`` holds -1 at the top; ``leaves`` says which units lead to billable codes directly; ``phrases`` are what the book
    and the synonym list call them, ``indexed`` what the Alphabetic Index does; ``includes`` are the notes that widen a heading
    without naming it.
    """

    codes: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    leaves: list[bool] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    indexed: list[Phrase] = field(default_factory=list)
    includes: list[tuple[int, str]] = field(default_factory=list)


def documents(book: TabularList) -> Documents:
    """Every unit of a book with its phrases."""
    made = Documents()
    places: dict[str, int] = {}
    completed: dict[str, str] = {}
    for code, description, billable, parent in book.entries():
        if is_completed(code):
            completed[code] = parent
            made.leaves[places[parent]] = True
            continue
        places[code] = len(made.codes)
        made.codes.append(code)
        made.titles.append(description)
        made.parents.append(places[parent] if parent else -1)
        made.leaves.append(billable)
    made.phrases.extend(Phrase(unit, TITLE, plain_title(title)) for unit, title in enumerate(made.titles))
    for level, text in book.printed_notes("inclusion_term"):
        made.phrases.append(Phrase(places[completed.get(level, level)], INCLUSION, _REFERENCE.sub("", text)))
    for level, text in book.printed_notes("includes"):
        made.includes.append((places[completed.get(level, level)], _REFERENCE.sub("", text)))
    made.phrases.extend(_synonyms(places, completed))
    made.indexed.extend(_alphabetic(book, places, completed))
    made.phrases.sort(key=lambda phrase: (phrase.unit, phrase.kind))
    made.indexed.sort(key=lambda phrase: phrase.unit)
    return made


def is_completed(code: str) -> bool:
    """Whether a code of the book is one that a 7th character completes."""
    return "-" not in code and " " not in code and len(code) == _SEVENTH + 1


def plain_title(title: str) -> str:
    """A title without the range of codes that blocks and chapters end with."""
    return _REFERENCE.sub("", title)


def _synonyms(places: dict[str, int], completed: dict[str, str]) -> Iterator[Phrase]:
    for row in synonyms():
        for code in row.codes:
            unit = places.get(completed.get(code, code))
            # A code of another release than this one: the synonym list is written for the newest.
            if unit is not None:
                yield Phrase(unit, SYNONYM, row.term)


def _alphabetic(book: TabularList, places: dict[str, int], completed: dict[str, str]) -> Iterator[Phrase]:
    for term in alphabetic.index_terms(book):
        yield Phrase(places[completed.get(term.code, term.code)], INDEXED, ", ".join(term.path), " ".join(term.modifiers))
