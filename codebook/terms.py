"""The term table: every phrase of the book, the synonym list and, where it is imported, the Alphabetic Index, by its stems,
with the codes it leads to.

Order and filler words do not matter ("pain in the left knee", "left knee pain"); sides are left out, because they choose
among the children of a heading and not among headings. The table of a release is built once and kept in the cache folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from codebook import alphabetic
from codebook.kept import kept
from codebook.store import Progress, silent
from codebook.synonyms import synonyms, synonyms_sha256
from codebook.tabular import TabularList
from codebook.words import FILLER, MODIFIERS, content, stem, tokens

LONGEST = 9
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_REFERENCE = re.compile(r"\s*\([A-Z]\d[^()]*\)")
# Titles of external causes are sentences about events: only the synonym list speaks of them as clinicians do.
_UNSPOKEN = ("V", "W", "X", "Y")
# The index sends to chapter 21 by words that name no condition ("Test, laboratory").
_UNSAID_BY_INDEX = (*_UNSPOKEN, "Z")
# A printed term of nothing but short abbreviations ("HR+") meets every "hr" of a chart.
_SPOKEN = re.compile(r"[^\W\d_]{4}")
_ENCOUNTER = frozenset({"encount"})


class Target(NamedTuple):
    """What a phrase leads to: a code or heading, by which source, and on which conditions."""

    code: str
    source: str
    term: str
    cased: bool = False
    ambiguous: bool = False
    context: tuple[str, ...] = ()


class TermTable(NamedTuple):
    """``phrases`` by sorted stems, ``spellings`` by the word exactly as written, and every stem some phrase has."""

    phrases: dict[str, tuple[Target, ...]]
    spellings: dict[str, tuple[Target, ...]]
    known: frozenset[str]


def key_of(found: frozenset[str]) -> str:
    """The key of a set of stems."""
    return " ".join(sorted(found))


def load(book: TabularList, progress: Progress = silent) -> TermTable:
    """The term table of a book's release: from the cache folder, else built and put there."""

    def build() -> tuple[_Stored, _Stored]:
        progress("building the term table", 0)
        return _build(book)

    raw = kept("terms", (book.release.sha256, synonyms_sha256(), alphabetic.identity(book)), _MAKERS, build)
    phrases, spellings = ({key: tuple(Target(*target) for target in targets) for key, targets in part.items()} for part in raw)
    return TermTable(phrases, spellings, frozenset(word for key in phrases for word in key.split()))


# What makes a table what it is: when one of these files changes, the table is built again.
_MAKERS = (
    "../records/laterality.py",
    "words.py",
    "terms.py",
    "synonyms.py",
    "alphabetic.py",
    "data/words.toml",
    "data/unsaid.txt",
)


_Stored = dict[str, list[tuple[object, ...]]]


def _build(book: TabularList) -> tuple[_Stored, _Stored]:
    phrases: dict[str, dict[str, Target]] = {}
    spellings: dict[str, dict[str, Target]] = {}
    for row in synonyms():
        if _hides(row.term):
            continue
        key = key_of(content(tokens(row.term)))
        context = tuple(stem(word.lower()) for word in row.context)
        single = " " not in row.term and len(tokens(row.term)) == 1
        into, name = (spellings, row.term) if (row.cased and single) or not key else (phrases, key)
        for code in row.codes:
            into.setdefault(name, {}).setdefault(code, Target(code, "synonym", row.term, row.cased, row.ambiguous, context))
    for code, term, source in _printed(book):
        for key in _keys(term):
            phrases.setdefault(key, {}).setdefault(code, Target(code, source, term))
    # The index adds to what the book and the synonym list say, and never takes a phrase from them.
    said = frozenset(phrases)
    for code, term, key in _indexed(book):
        if key not in said:
            phrases.setdefault(key, {}).setdefault(code, Target(code, "index", term))
    return (
        {key: [tuple(target) for target in _fewest(book, list(targets.values()))] for key, targets in phrases.items()},
        {name: [tuple(target) for target in targets.values()] for name, targets in spellings.items()},
    )


def _hides(term: str) -> bool:
    """Whether a term has an abbreviation that reads as a filler word ("severe AS"): stems cannot find such a term."""
    words = tokens(term)
    return len(words) > 1 and any(word.folded in FILLER and term[word.start : word.end].isupper() for word in words)


def _printed(book: TabularList) -> Iterator[tuple[str, str, str]]:
    """Every title and inclusion term that a clinician could write: code, term, source."""
    completed = re.compile(r"[A-Z]\d[0-9A-Z]\.[0-9A-Z]{4}")
    sevenths = {code for code, *_ in book.entries() if completed.fullmatch(code)}
    for code, description, _, _ in book.entries():
        spoken = len(code) >= 3 and "-" not in code and " " not in code and code[0] not in _UNSPOKEN
        if spoken and not (code in sevenths and ", " in description and _is_completed(book, code)):
            yield code, description, "title"
    for kind in ("inclusion_term", "includes"):
        for level, text in book.printed_notes(kind):
            if level[0] not in _UNSPOKEN and "-" not in level and " " not in level and _SPOKEN.search(text):
                yield level, _REFERENCE.sub("", text), "inclusion"


def _indexed(book: TabularList) -> Iterator[tuple[str, str, str]]:
    """The main terms of the Alphabetic Index that name a condition by themselves: code, term, key.

    They have a default code of their own and two words or more, a nonessential modifier counted: "Old" and "Loss" are main terms
    too. Subterms ("Lesion, cervical") and what is only sent elsewhere read as something else in a chart more often than not.
    """
    for term in alphabetic.index_terms(book):
        if term.part != alphabetic.DISEASES or len(term.path) > 1 or term.via or term.code[0] in _UNSAID_BY_INDEX:
            continue
        for form in alphabetic.forms(term.path[0]):
            own = content(tokens(_BRACKETS.sub(" ", form)))
            beside = [content(token for token in tokens(one) if token.folded not in MODIFIERS) for one in term.modifiers]
            for stems in {own, *(own | one for one in beside)}:
                if 1 < len(stems) <= LONGEST and _says_something(stems):
                    yield term.code, term.path[0], key_of(stems)


def _is_completed(book: TabularList, code: str) -> bool:
    entry = book.entry(code)
    return entry is not None and bool(entry.seventh_characters)


def _keys(term: str) -> set[str]:
    """The keys of a printed term: with and without what it brackets, and without "encounter for"."""
    forms = {content(tokens(term)), content(tokens(_BRACKETS.sub(" ", term)))}
    forms |= {form - _ENCOUNTER for form in forms}
    return {key_of(form) for form in forms if len(form) <= LONGEST and _says_something(form)}


def _says_something(form: frozenset[str]) -> bool:
    return any(len(word) > 2 and word.isalpha() for word in form - _unsaid())


@cache
def _unsaid() -> frozenset[str]:
    """Stems that are no diagnosis by themselves, although the book prints them as one."""
    written = files("codebook").joinpath("data", "unsaid.txt").read_text("utf-8")
    return frozenset(stem(word) for line in written.splitlines() if not line.startswith("#") for word in line.split())


def _fewest(book: TabularList, targets: list[Target]) -> list[Target]:
    """Synonyms first in their order; of the rest, no code below another one that the same words lead to."""
    given = [target for target in targets if target.source == "synonym"]
    printed = [target for target in targets if target.source != "synonym"]
    codes = {target.code for target in printed}
    kept = [target for target in printed if not codes & _above(book, target.code)]
    kept.sort(key=lambda target: (target.source != "title", len(target.code)))
    return given + [target for target in kept if not any(target.code.startswith(one.code) for one in given)]


def _above(book: TabularList, code: str) -> set[str]:
    entry = book.entry(code)
    return set(entry.path) if entry else set()
