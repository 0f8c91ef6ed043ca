"""A release on disk: one SQLite file, written once, complete or absent, then only read."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from codebook.release import BookError, Release

# Raise it when what is stored changes: older files are then built again, or reported as made by another version.
FORMAT = 2
_SCHEMA = """
CREATE TABLE release (format INTEGER NOT NULL, facts TEXT NOT NULL);
-- what of the file its reader did not understand: why, the text, how often
CREATE TABLE leftover (why TEXT NOT NULL, text TEXT NOT NULL, times INTEGER NOT NULL);
"""
Progress = Callable[[str, int], None]


class Filled(NamedTuple):
    """What was written: how many entries, and what of the file was not understood, as (why, text) with its count."""

    entries: int
    leftover: Counter[tuple[str, str]]


class Content(NamedTuple):
    """What a release holds: the tables it is stored in, and what fills them."""

    schema: str
    fill: Callable[[sqlite3.Connection, Progress], Filled]


def silent(_: str, __: int) -> None:
    """The progress nobody watches."""


def write(path: Path, release: Release, content: Content, progress: Progress = silent) -> None:
    """Write a release. The file appears complete under its name or not at all; BookError when it cannot be written."""
    with staged(path, release, content, progress) as (part, _):
        part.replace(path)


@contextmanager
def staged(path: Path, release: Release, content: Content, progress: Progress = silent) -> Iterator[tuple[Path, Release]]:
    """A release written beside its place under a passing name: whoever finds all well moves it, else it is gone at the end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.close(handle)
    except OSError as error:
        raise BookError(f"the releases folder cannot be written: {error.strerror or type(error).__name__}") from None
    part = Path(name)
    try:
        yield part, _write(part, release, content, progress)
    except sqlite3.Error as error:
        raise BookError(f"{path.name} could not be written: {type(error).__name__}") from None
    finally:
        part.unlink(missing_ok=True)


def _write(part: Path, release: Release, content: Content, progress: Progress) -> Release:
    connection = sqlite3.connect(part)
    try:
        with connection:
            connection.executescript(_SCHEMA + content.schema)
            filled = content.fill(connection, progress)
            if not filled.entries:
                raise BookError("the file holds no entries")
            left = filled.leftover
            whole = release.model_copy(update={"entries": filled.entries, "leftover": left.total()})
            connection.execute("INSERT INTO release VALUES (?, ?)", (FORMAT, whole.model_dump_json()))
            connection.executemany("INSERT INTO leftover VALUES (?, ?, ?)", [(why, text, n) for (why, text), n in left.items()])
        return whole
    finally:
        connection.close()


def rows(schema: str, table: str, found: Iterable[tuple[object, ...]], leftover: Iterable[tuple[str, str]] = ()) -> Content:
    """The content of a book that is one table."""

    def fill(connection: sqlite3.Connection, progress: Progress) -> Filled:
        all_rows = list(found)
        if all_rows:
            places = ", ".join("?" * len(all_rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", all_rows)
        progress(f"writing {table} rows", len(all_rows))
        return Filled(len(all_rows), Counter(leftover))

    return Content(schema, fill)


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that can only read. Many processes may have one at the same time."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def release_of(path: Path) -> Release | None:
    """The release a file holds; None when it is not a whole file of this format. A file that did not change is read once."""
    try:
        stamp = path.stat()
    except OSError:
        return None
    return _release_of(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=256)
def _release_of(path: Path, changed: int, size: int) -> Release | None:
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


def leftover_of(path: Path) -> list[tuple[str, str, int]]:
    """What of the file of a release was not understood: why, the text, how often; the most frequent first."""
    connection = open_read_only(path)
    try:
        return connection.execute("SELECT why, text, times FROM leftover ORDER BY times DESC, why, text").fetchall()
    finally:
        connection.close()
