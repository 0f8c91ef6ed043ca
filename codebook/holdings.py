"""What the operator has imported: every release in the folder of releases, and the one that answers for a date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from codebook import places, store
from codebook.books import books
from codebook.release import BookError, Release

# Names the releases that are being put into the folder, while they are: until it is gone, none of them is there.
_PLACING = "placing"
# Longer than any import takes.
_PATIENCE = 1800.0


class Held(NamedTuple):
    """A release and the file it lies in."""

    path: Path
    release: Release


class Found(NamedTuple):
    """The release of a book that answers for a date, opened; ``in_force`` says whether it is the one of that date."""

    release: Release
    in_force: bool
    connection: sqlite3.Connection


def folder() -> Path:
    """Where imported releases lie."""
    return places.home() / "releases"


@contextmanager
def alone(waiting: Callable[[], None]) -> Iterator[None]:
    """While this process changes the releases, no other does; ``waiting`` is told when another is at it. What an import that was
    killed left behind is removed. BookError when the folder cannot be written, or the other does not end."""
    try:
        places.home().mkdir(parents=True, exist_ok=True)
        lock = FileLock(places.home() / "releases.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire(timeout=_PATIENCE)
    except Timeout:
        raise BookError("another import has been running for half an hour: try again when it is done") from None
    except OSError as error:
        raise BookError(f"the releases folder cannot be written: {error.strerror or type(error).__name__}") from None
    try:
        _clear()
        yield
    finally:
        lock.release()


def _clear() -> None:
    where = folder()
    try:
        for left in (*_unfinished(where), *where.glob("*.part*"), *where.glob(_PLACING)):
            left.unlink(missing_ok=True)
    except OSError as error:
        raise BookError(f"the releases folder cannot be written: {error.strerror or type(error).__name__}") from None


def place(staged: Sequence[tuple[Path, Path]]) -> None:
    """Put releases that are written into their places: for whoever reads, all at once or none. BookError when they cannot be."""
    if not staged:
        return
    placing = folder() / _PLACING
    try:
        placing.write_text("".join(f"{path.name}\n" for _, path in staged), "utf-8")
        for part, path in staged:
            part.replace(path)
        placing.unlink()
    except OSError as error:
        raise BookError(f"the releases could not be stored: {error.strerror or type(error).__name__}") from None


def _unfinished(where: Path) -> tuple[Path, ...]:
    """The places an import is filling, or was when it was killed."""
    try:
        return tuple(where / name for name in (where / _PLACING).read_text("utf-8").splitlines())
    except (FileNotFoundError, NotADirectoryError):
        return ()


def of_book(book: str) -> tuple[Held, ...]:
    """The imported releases of a book, the oldest first. BookError when one of them is damaged: it is not passed over."""
    held, damaged = _listed(book)
    if damaged:
        raise BookError(f"{damaged[0]} in the releases folder is damaged or of another version: import its file again")
    return held


def whole(book: str) -> tuple[Held, ...]:
    """The imported releases of a book that can be read, the oldest first."""
    return _listed(book)[0]


def damaged_files() -> tuple[str, ...]:
    """The names of files in the folder that no book can be read from."""
    return tuple(name for book in books() for name in _listed(book)[1])


def find(book: str, on: date) -> Found | None:
    """The release in force on a date, else the latest that began before it; of a book whose edits carry their own dates, else
    the first that began later. None when none answers for that date."""
    held = of_book(book)
    forms = books()[book].forms
    order = sorted(held, key=lambda one: (one.release.start, -_place(one.release.form, forms)))
    in_force = [one for one in order if one.release.in_force(on)]
    earlier = [one for one in order if one.release.start <= on]
    later = [one for one in order if one.release.start > on] if books()[book].cumulative else []
    found = in_force[-1:] or earlier[-1:] or later[:1]
    if not found:
        return None
    chosen = found[0]
    return Found(chosen.release, bool(in_force) or bool(later and not earlier), _connection(chosen.path, chosen.release.sha256))


def parts(book: str, on: date) -> tuple[Found, ...]:
    """All releases of a book that began with the one that answers for a date: a table that is published in several files."""
    found = find(book, on)
    if found is None:
        return ()
    together = [one for one in of_book(book) if one.release.start == found.release.start]
    return tuple(found._replace(release=one.release, connection=_connection(one.path, one.release.sha256)) for one in together)


def _place(form: str, forms: tuple[str, ...]) -> int:
    return forms.index(form) if form in forms else len(forms)


@lru_cache(maxsize=64)
def _connection(path: Path, sha256: str) -> sqlite3.Connection:
    return store.open_read_only(path)


def changed() -> int:
    """When the imported releases last changed, in nanoseconds; 0 while there are none."""
    try:
        return folder().stat().st_mtime_ns
    except OSError:
        return 0


def _listed(book: str) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    stamp = changed()
    return _read(folder(), stamp, book) if stamp else ((), ())


@lru_cache(maxsize=256)
def _read(where: Path, stamp: int, book: str) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    """The releases of a book in a folder. ``stamp`` is when it was last changed: an import is seen without a restart."""
    held, damaged = [], []
    for path in sorted(set(where.glob(f"{book}-*.sqlite")) - set(_unfinished(where))):
        release = store.release_of(path)
        if release is None or release.book != book:
            damaged.append(path.name)
        else:
            held.append(Held(path, release))
    held.sort(key=lambda one: (one.release.start, one.release.form, one.release.sha256))
    return tuple(held), tuple(damaged)
