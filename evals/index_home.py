"""Homes and caches of their own, with and without the Alphabetic Index imported, so that nothing the user holds counts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from codebook.importing import import_files
from codebook.release import Release

_FILES = ("*index*.xml", "*neoplasm*.xml", "*drug*.xml")


@contextmanager
def bare_home() -> Iterator[None]:
    """``CHARTPROOF_HOME`` is a new, empty folder as long as this lasts."""
    with _new_folder("CHARTPROOF_HOME"):
        yield


@contextmanager
def index_home(shared: Path, today: date) -> Iterator[tuple[Release, ...]]:
    """The same with the index and its tables imported out of the development data: what is held then, none without the files."""
    folder = shared / "knowledge" / "icd10cm"
    paths = sorted({path for pattern in _FILES for path in folder.glob(pattern)})
    with bare_home():
        yield tuple(one.release for one in import_files(paths, (None, None), today)) if paths else ()


@contextmanager
def bare_cache() -> Iterator[None]:
    """The user's cache is a new, empty folder as long as this lasts."""
    with _new_folder("XDG_CACHE_HOME"):
        yield


@contextmanager
def _new_folder(variable: str) -> Iterator[None]:
    before = os.environ.get(variable)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[variable] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[variable]
            else:
                os.environ[variable] = before
