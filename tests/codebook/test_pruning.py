"""Pruning removes what nobody used for long, and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from codebook import pruning

LONG_AGO = time.time() - 100 * 86400


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("codebook.places.cache", lambda: tmp_path)
    for name in ("search-old", "search-new", "search-used"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "facts.json").write_text("{}")
    (tmp_path / "terms-old.bin").write_bytes(b"")
    (tmp_path / "icd10cm-packaged.sqlite").write_bytes(b"")
    for name in ("search-old", "search-used", "terms-old.bin", "icd10cm-packaged.sqlite"):
        os.utime(tmp_path / name, (LONG_AGO, LONG_AGO))
    return tmp_path


def test_only_what_was_not_used_for_long_goes(cache: Path) -> None:
    pruning.used(cache / "search-used")
    assert pruning.prune() == 2
    assert sorted(path.name for path in cache.iterdir()) == ["icd10cm-packaged.sqlite", "search-new", "search-used"]
