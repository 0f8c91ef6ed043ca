"""The imported Alphabetic Index as lines to find by: paths, cross references, and only codes that the book has."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from codebook import alphabetic
from codebook.book import open_book
from codebook.holdings import Found
from codebook.importers.icd10cm_index import SCHEMA
from codebook.release import Release

TERMS = [
    (1, 0, 0, "Gout, gouty", '["acute"]', "M10.9", "", "", "", "", "{}", "gout, gouty"),
    (2, 1, 1, "drug-induced", "[]", "M10.20", "", "", "", "", "{}", "drug-induced"),
    (3, 0, 0, "Podagra", "[]", "", "", "Gout, drug-induced", "", "", "{}", "podagra"),
    (4, 0, 0, "Nowhere", "[]", "", "", "Nothing, at all", "", "", "{}", "nowhere"),
    (5, 0, 0, "Withdrawn", "[]", "M10.999", "", "", "", "", "{}", "withdrawn"),
]


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    connection.executescript(SCHEMA)
    connection.executemany(f"INSERT INTO term VALUES ({', '.join('?' * 12)})", TERMS)
    start, end = date(2024, 10, 1), date(2025, 9, 30)
    facts = {"title": "Index", "publisher": "CDC", "sha256": "0" * 64, "file": "index.xml", "origin": "imported"}
    release = Release(id="icd10cm_index-2024-10-01", book="icd10cm_index", start=start, end=end, **facts)  # type: ignore[arg-type]
    found = Found(release, False, connection)
    monkeypatch.setattr("codebook.holdings.find", lambda book, on: found if book == "icd10cm_index" else None)


@pytest.mark.usefixtures("imported")
def test_lines_lead_to_codes_of_the_book_and_to_nothing_else() -> None:
    lines = [(line.code, line.text, line.nonessential) for line in alphabetic.lines(open_book(date(2026, 6, 15)))]
    assert lines == [
        ("M10.9", "Gout, gouty", "acute"),
        ("M10.20", "Gout, gouty, drug-induced", "acute"),
        ("M10.20", "Podagra", ""),
    ]


@pytest.mark.usefixtures("imported")
def test_an_index_of_another_year_is_named() -> None:
    assert [release.id for release in alphabetic.older(open_book(date(2026, 6, 15)))] == ["icd10cm_index-2024-10-01"]
