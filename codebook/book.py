"""The code book of a date: does a code exist, what does the book say of it, and which codes do words lead to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from codebook import alphabetic, reference, shelf, specify, spotting, store, terms
from codebook import need as needs
from codebook import search as searching
from codebook.entry import CodeEntry, Note
from codebook.release import BookError, Release
from codebook.support import Support, Supports

__all__ = ["BookError", "CodeBook", "open_book"]


class CodeBook:
    """One release, opened for reading on behalf of a date. Safe to keep for the life of a process.

    ``in_force`` says whether it is the release of the date, or only the latest one held from before it.
    """

    def __init__(self, path: Path, release: Release, in_force: bool) -> None:
        self.release = release
        self.in_force = in_force
        self._connection = store.open_read_only(path)
        self._entries: dict[str, CodeEntry | None] = {}
        self._families: dict[str, tuple[specify.Child, ...]] = {}
        self._chains: dict[str, tuple[Note, ...]] = {}

    @classmethod
    def on(cls, on: date, progress: store.Progress = store.silent) -> CodeBook:
        """The book of that date, see ``open_book``."""
        path, release = shelf.choose(on, progress)
        return cls(path, release, release.in_force(on))

    @staticmethod
    def normalise(code: str) -> str | None:
        """The code as the book writes it, whether or not there is such a code; None for text that is not a code's shape."""
        return reference.normalise(code)

    @staticmethod
    def covers(wanted: str, code: str) -> bool:
        """Whether a reference (reference.py) names the code or one above it."""
        return reference.covers(wanted, code)

    @staticmethod
    def need(code: str) -> needs.Need:
        """What the evidence of a code must be like."""
        return needs.need(code)

    def entry(self, code: str) -> CodeEntry | None:
        """The entry of a code, block ("E08-E13") or chapter ("Chapter 4") as the book writes it; None when there is none."""
        if code not in self._entries:
            self._entries[code] = self._read(code)
        return self._entries[code]

    def excludes1(self, one: str, other: str) -> Note | None:
        """The Excludes1 note of either code, or inherited by it, that names the other; None when nothing keeps them apart."""
        return self._excludes(one, other) or self._excludes(other, one)

    def family(self, code: str) -> tuple[specify.Child, ...]:
        """The children of a heading, each with the words that tell it from the others."""
        if code not in self._families:
            self._families[code] = specify.family_of(self, code)
        return self._families[code]

    def specify(self, code: str, words: str) -> str:
        """The billable code below a heading that the words ask for, else its unspecified one, else the heading itself."""
        return specify.specify(self, code, specify.Context.of_text(words))

    def spot(self, text: str, known: str = "") -> list[spotting.Mention]:
        """Every term of the book and of the synonym list in a text, in its order, with the codes it leads to there.

        ``known`` is what else is known of the patient and may tell one code from another ("female").
        """
        return spotting.spot(self, self.terms, text, known)

    def support(self, code: str, texts: tuple[str, ...]) -> Support:
        """Whether the words of these texts, together, support a code, and which neighbour they fit better."""
        return self._supports.judge(code, texts)

    @cached_property
    def _supports(self) -> Supports:
        return Supports(self)

    def search(self, terms: str, limit: int = 15) -> list[searching.Hit]:
        """Billable codes that words lead to, best first. It only helps to find: a miss does not mean that there is no code."""
        return searching.search(self, self.search_index, self.neighbours, terms, limit)

    @cached_property
    def search_index(self) -> searching.Index:
        """The release's search index, mapped when first needed; built first when it is not in the cache."""
        return searching.load(self)

    @cached_property
    def neighbours(self) -> searching.Neighbours:
        """The vectors beside the search index; its ``notice`` says so when search has to do without them."""
        return searching.Neighbours(self.search_index)

    @property
    def search_notice(self) -> str:
        """What an answer of search must say of how it was found; empty when there is nothing to say."""
        return "; ".join(notice for notice in (self._older_index, self.neighbours.notice) if notice)

    @cached_property
    def _older_index(self) -> str:
        older = ", ".join(release.id for release in alphabetic.older(self))
        return f"found with the help of an index of another year ({older}), which decides nothing" if older else ""

    @cached_property
    def terms(self) -> terms.TermTable:
        """The release's term table, read when first needed."""
        return terms.load(self)

    def entries(self) -> Iterator[tuple[str, str, bool, str]]:
        """Every entry of the book in its order: code, description, billable, parent."""
        for code, description, billable, parent in self._connection.execute(
            "SELECT code, description, billable, parent FROM entry ORDER BY place"
        ):
            yield code, description, bool(billable), parent

    def printed_notes(self, kind: str) -> Iterator[tuple[str, str]]:
        """Every printed note of a kind in the book: its level and its text."""
        yield from self._connection.execute("SELECT level, text FROM note WHERE kind = ?", (kind,))

    def category_titles(self) -> list[str]:
        """The titles of all categories."""
        return [title for (title,) in self._connection.execute("SELECT description FROM entry WHERE length(code) = 3")]

    def rows_below(self, category: str) -> Iterator[tuple[str, str, bool, str]]:
        """A category and all below it, in the book's order: code, description, whether it can be reported, parent.

        A code that needs its 7th character counts as one that can be reported; its completions are left out.
        """
        for code, description, billable, parent, sevenths in self._connection.execute(
            "SELECT code, description, billable, parent, sevenths FROM entry WHERE code >= ? AND code < ? ORDER BY place",
            (category, f"{category}~"),
        ):
            if not (billable and sevenths != "{}"):
                yield code, description, bool(billable) or sevenths != "{}", parent

    def terms_below(self, category: str) -> Iterator[tuple[str, str]]:
        """Every inclusion term at a category or below it: its level and its text."""
        yield from self._connection.execute(
            "SELECT level, text FROM note WHERE kind = 'inclusion_term' AND level >= ? AND level < ?", (category, f"{category}~")
        )

    def _excludes(self, holder: str, named: str) -> Note | None:
        entry = self.entry(holder)
        if entry is None:
            return None
        for note in entry.notes:
            if note.kind == "excludes1" and any(reference.covers(wanted, named) for wanted in note.references):
                return note
        return None

    def _read(self, code: str) -> CodeEntry | None:
        row = self._row(code)
        if row is None:
            return None
        description, billable, parent, sevenths = row
        path = self._path(parent)
        children = tuple(
            child for (child,) in self._connection.execute("SELECT code FROM entry WHERE parent = ? ORDER BY place", (code,))
        )
        notes = tuple(note for level in (code, *reversed(path)) for note in self._own_notes(level))
        # A code completed by a 7th character is described by the terms of the code it completes.
        terms_at = path[-1] if sevenths and billable and path else code
        return CodeEntry(
            code=code,
            description=description,
            billable=billable,
            path=path,
            children=children,
            notes=notes,
            inclusion_terms=tuple(n.text for n in notes if n.kind == "inclusion_term" and n.level == terms_at),
            seventh_characters=sevenths,
        )

    def _row(self, code: str) -> tuple[str, bool, str, dict[str, str]] | None:
        found = self._connection.execute(
            "SELECT description, billable, parent, sevenths FROM entry WHERE code = ?", (code,)
        ).fetchone()
        if found is None:
            return None
        return found[0], bool(found[1]), found[2], json.loads(found[3])

    def _path(self, parent: str) -> tuple[str, ...]:
        path: list[str] = []
        while parent:
            path.append(parent)
            (parent,) = self._connection.execute("SELECT parent FROM entry WHERE code = ?", (parent,)).fetchone()
        return tuple(reversed(path))

    def _own_notes(self, level: str) -> tuple[Note, ...]:
        if level not in self._chains:
            self._chains[level] = tuple(
                Note(kind=kind, text=text, level=level, references=tuple(json.loads(refs)))
                for kind, text, refs in self._connection.execute(
                    "SELECT kind, text, refs FROM note WHERE level = ? ORDER BY rowid", (level,)
                )
            )
        return self._chains[level]


@lru_cache(maxsize=16)
def _opened(path: Path, release: Release, in_force: bool) -> CodeBook:
    return CodeBook(path, release, in_force)


def open_book(on: date, progress: store.Progress = store.silent) -> CodeBook:
    """The book of a date: the release in force on it, else the latest held from before it. BookError when there is none.

    All dates in force share one book, for what it has worked out serves each of them. A missing packaged release is built
    first, which takes some seconds and is reported to ``progress`` (what is done, how many so far).
    """
    path, release = shelf.choose(on, progress)
    return _opened(path, release, release.in_force(on))
