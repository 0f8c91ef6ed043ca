"""Clues: words that only point to a condition bring its code among the candidates, and nothing but search sees them."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from codebook.book import CodeBook, open_book
from codebook.search.clues import clues
from codebook.words import content, tokens


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


def _rows() -> list[tuple[str, str]]:
    written = files("codebook").joinpath("data", "search", "clues.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in written.splitlines() if line and not line.startswith("#")]
    return [(words, code) for said, codes in rows for words in said.split(";") for code in codes.split("|")]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ("she takes febuxostat daily", "M10.9"),
        ("slammed her hand in a car door", "W23.0XXA"),
        ("goes bowling on weekends", "Y93.54"),
        ("cannot afford the medicine", "Z91.120"),
    ],
)
def test_words_that_only_point_to_a_condition_find_it(book: CodeBook, terms: str, code: str) -> None:
    assert code in [hit.code for hit in book.search(terms, 15)]


def test_every_clue_says_something_and_leads_to_codes_of_the_book(book: CodeBook) -> None:
    for words, code in _rows():
        assert content(tokens(words)), words
        assert book.entry(code) is not None, (words, code)


def test_a_clue_is_no_mention(book: CodeBook) -> None:
    assert any(clue.codes[0] == "M10.9" for rows in clues().values() for clue in rows)
    assert book.spot("febuxostat") == []
