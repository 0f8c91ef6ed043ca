"""A release on disk: one SQLite file, written once, complete or absent, then only read."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from codebook.importers.icd10cm_tabular import Row
from codebook.release import BookError, Release

# Raise it when what is stored changes: older files are then built again, or reported as made by another version.
FORMAT = 1
_SCHEMA = """
CREATE TABLE release (format INTEGER NOT NULL, facts TEXT NOT NULL);
-- one row an entry; sevenths is a JSON object, empty for none
CREATE TABLE entry (
    code TEXT PRIMARY KEY, description TEXT NOT NULL, billable INTEGER NOT NULL, parent TEXT NOT NULL, place INTEGER NOT NULL,
    sevenths TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX entry_parent ON entry (parent, place);
-- own notes only; inheritance is read through the parents
CREATE TABLE note (level TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, refs TEXT NOT NULL);
CREATE INDEX note_level ON note (level);
-- derived tables that are dear to make: the term table of spotting
CREATE TABLE derived (name TEXT PRIMARY KEY, content BLOB NOT NULL);
"""
Progress = Callable[[str, int], None]


def silent(_: str, __: int) -> None:
    """The progress nobody watches."""


def write(path: Path, release: Release, rows: Iterable[Row], progress: Progress = silent) -> None:
    """Write a release. The file appears complete under its name or not at all; BookError when it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    try:
        with sqlite3.connect(name) as connection:
            connection.executescript(_SCHEMA)
            connection.execute("INSERT INTO release VALUES (?, ?)", (FORMAT, release.model_dump_json()))
            _fill(connection, rows, progress)
        connection.close()
        Path(name).replace(path)
    except sqlite3.Error as error:
        raise BookError(f"{path.name} could not be written: {type(error).__name__}") from None
    finally:
        Path(name).unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, rows: Iterable[Row], progress: Progress) -> None:
    count = 0
    for count, row in enumerate(rows, 1):
        connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            (row.code, row.description, row.billable, row.parent, row.order, json.dumps(row.seventh_characters)),
        )
        connection.executemany(
            "INSERT INTO note VALUES (?, ?, ?, ?)",
            [(note.level, note.kind, note.text, json.dumps(note.references)) for note in row.notes],
        )
        if count % 5000 == 0:
            progress("reading the Tabular List", count)
    if not count:
        raise BookError("the file holds no codes")


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that can only read. Many processes may have one at the same time."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def release_of(path: Path) -> Release | None:
    """The release a file holds; None when it is not a whole file of this format."""
    try:
        connection = open_read_only(path)
        try:
            found = connection.execute("SELECT format, facts FROM release").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    if found is None or found[0] != FORMAT:
        return None
    return Release.model_validate_json(found[1])
