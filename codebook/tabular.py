"""The Tabular List of one release, read: entries, notes, families, and what keeps codes apart. Everything else builds on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from codebook import families, reference, store
from codebook import need as needs
from codebook.entry import CodeEntry, Note
from codebook.families import Child
from codebook.release import Release

_PAIRS_KEPT = 100_000


class TabularList:
    """One release, opened for reading on behalf of a date. Safe to keep for the life of a process.

    ``in_force`` says whether it is the release of the date, or only the latest one held from before it.
    """

    def __init__(self, path: Path, release: Release, in_force: bool) -> None:
        self.release = release
        self.in_force = in_force
        self._connection = store.open_read_only(path)
        self._entries: dict[str, CodeEntry | None] = {}
        self._apart: dict[tuple[str, str], Note | None] = {}
        self._families: dict[str, tuple[Child, ...]] = {}
        self._chains: dict[str, tuple[Note, ...]] = {}

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
        if (one, other) not in self._apart:
            if len(self._apart) >= _PAIRS_KEPT:
                self._apart.clear()
            self._apart[one, other] = self._excludes(one, other) or self._excludes(other, one)
        return self._apart[one, other]

    def family(self, code: str) -> tuple[Child, ...]:
        """The children of a heading, each with the words that tell it from the others."""
        if code not in self._families:
            self._families[code] = families.family_of(self.entry, code)
        return self._families[code]

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
