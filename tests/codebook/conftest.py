"""A home of its own for the tests that import."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook.importing import Taken, import_files
from tests.codebook import official

TODAY = date(2026, 8, 1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``CHARTPROOF_HOME``."""
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def take_in(home: Path, tmp_path: Path) -> Callable[..., list[Taken]]:
    """Import files of ``official.FILES`` by name, or others by name and content."""

    def run(*names: str, given: tuple[date | None, date | None] = (None, None), **others: bytes) -> list[Taken]:
        paths = official.write(tmp_path, *names) if names else []
        for name, content in others.items():
            paths.append(tmp_path / name.replace("__", "."))
            paths[-1].write_bytes(content)
        return import_files(paths, given, TODAY)

    return run
