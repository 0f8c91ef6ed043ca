"""Vectors: built once, refused when they are another embedder's, and never missed by a search that has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from codebook.book import CodeBook, open_book
from codebook.search import Neighbours
from codebook.search import vectors as under_test
from codebook.search.embedder import VectorError, unit_texts
from codebook.search.postings import Floats
from codebook.search.question import question

UNKNOWN = "qwzxv disease"


class Drawn:
    """An embedder for tests: every text has a direction of its own, so that a near neighbour is no matter of luck."""

    name = "drawn"
    sha256 = "0" * 64

    def vectors(self, texts: Sequence[str]) -> Floats:
        rows = [np.random.default_rng(crc32(text.encode())).normal(size=16) for text in texts]
        return np.array(rows, np.float32)


class Others(Drawn):
    name = "others"


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


@pytest.fixture(scope="module")
def folder(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("codebook.places.cache", lambda: tmp_path_factory.mktemp("cache"))
        return under_test.build_vectors(book.search_index, Drawn())


@pytest.fixture
def held(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("codebook.search.vectors.folder_of", lambda *_: folder)
    return folder


def test_a_unit_is_near_its_own_text(book: CodeBook, held: Path) -> None:
    found = under_test.open_vectors(book.search_index, Drawn())
    assert found is not None
    near = found.nearest(unit_texts(book.search_index)[int(book.search_index.leaves[0])], 5)
    assert len(near) == 5
    assert max(near.values()) == pytest.approx(1.0, abs=1e-3)


def test_vectors_of_another_embedder_are_refused(book: CodeBook, held: Path) -> None:
    with pytest.raises(VectorError, match="another embedder"):
        under_test.open_vectors(book.search_index, Others())


def test_without_vectors_search_goes_on(book: CodeBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("codebook.search.vectors.folder_of", lambda *_: tmp_path / "none")
    neighbours = Neighbours(book.search_index)
    assert neighbours.near(question(UNKNOWN), UNKNOWN) == {}
    assert neighbours.notice == ""


def test_broken_vectors_are_told_and_done_without(book: CodeBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"not a database")
    monkeypatch.setattr("codebook.search.vectors.folder_of", lambda *_: tmp_path)
    neighbours = Neighbours(book.search_index)
    assert neighbours.near(question(UNKNOWN), UNKNOWN) == {}
    assert "without vectors" in neighbours.notice
    assert "qwzxv" not in neighbours.notice


def test_known_words_do_not_ask_the_vectors(book: CodeBook, held: Path) -> None:
    neighbours = Neighbours(book.search_index, Drawn())
    assert neighbours.near(question("heart failure"), "heart failure") == {}
    assert neighbours.near(question(UNKNOWN), UNKNOWN)
