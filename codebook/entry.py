"""One entry of the Tabular List: a chapter, a block, a heading or a code, with every note that applies to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from records.base import Record

NoteKind = Literal[
    "includes", "inclusion_term", "excludes1", "excludes2", "code_first", "use_additional_code", "code_also", "note"
]


class Note(Record):
    """One instructional note. ``level`` is the entry it is printed at; ``references`` the codes it names (reference.py)."""

    kind: NoteKind
    text: str
    level: str
    references: tuple[str, ...] = ()


class CodeEntry(Record):
    """One entry. ``path`` leads to it from its chapter; ``notes`` are its own and those of every level above it.

    ``billable`` is the book's "valid for reporting". ``inclusion_terms`` are those printed at the entry itself, or at the code
    a 7th character completes. ``seventh_characters`` is what the entry may be, or was, completed with; empty for none.
    """

    code: str
    description: str
    billable: bool
    path: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    inclusion_terms: tuple[str, ...] = ()
    seventh_characters: Mapping[str, str] = {}
