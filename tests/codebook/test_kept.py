"""What is kept in the cache folder: made once, made again when what it was made of changes, never trusted when broken."""

from pathlib import Path

import pytest

from codebook import places
from codebook.kept import kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "cache", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_is_made_once_and_the_same_afterwards(folder: Path) -> None:
    made: list[int] = []

    def build() -> dict[str, tuple[frozenset[str], int]]:
        made.append(1)
        return {"a": (frozenset({"x", "y"}), 7)}

    first = kept("thing", ("one",), ("words.py",), build)
    assert kept("thing", ("one",), ("words.py",), build) == first == {"a": (frozenset({"x", "y"}), 7)}
    assert made == [1]
    assert [path.suffix for path in folder.iterdir()] == [".bin"]


def test_is_made_again_when_what_it_was_made_of_changes(folder: Path) -> None:
    assert kept("thing", ("one",), ("words.py",), lambda: 1) == 1
    assert kept("thing", ("two",), ("words.py",), lambda: 2) == 2
    assert kept("thing", ("one",), ("claims.py",), lambda: 3) == 3
    assert kept("thing", ("one",), ("words.py",), lambda: 4) == 1


def test_a_broken_file_is_made_again(folder: Path) -> None:
    kept("thing", ("one",), (), lambda: 1)
    (path,) = folder.iterdir()
    path.write_bytes(b"")
    assert kept("thing", ("one",), (), lambda: 5) == 5
    assert kept("thing", ("one",), (), lambda: 6) == 5


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(places, "cache", lambda: blocked)
    assert kept("thing", ("one",), (), lambda: 1) == 1
