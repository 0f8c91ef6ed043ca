"""The synonym list: every row reads, leads to codes of the newest release, and can be found in a text."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from codebook.book import CodeBook, open_book
from codebook.synonyms import Synonym, synonyms
from codebook.words import FILLER, content, tokens
from records.laterality import SIDES

FLAGS = {"abbrev", "case", "ambiguous"}
COLUMNS = 4
# Words that stand in nearly every note: near a term they say nothing about what it means.
EVERYWHERE = {
    "patient",
    "pain",
    "exam",
    "examination",
    "history",
    "plan",
    "today",
    "mg",
    "visit",
    "year",
    "day",
    "normal",
    "left",
    "right",
}
# Rows whose meaning is the history itself.
PAST = {"post", "prior", "previous", "history", "old", "ago"}


def lines() -> list[tuple[str, str]]:
    """Every row of every file as it is written, with the name of its file."""
    folder = files("codebook").joinpath("data", "synonyms")
    return [
        (entry.name, line)
        for entry in folder.iterdir()
        if entry.name.endswith(".tsv")
        for line in entry.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


def test_every_row_has_a_term_codes_and_known_flags() -> None:
    for name, line in lines():
        term, codes, flags = [*line.split("\t"), ""][:3]
        assert line.count("\t") < COLUMNS, (name, line)
        assert term == term.strip() != "", (name, line)
        assert all(codes.split("|")), (name, line)
        assert set(filter(None, flags.split(","))) <= FLAGS, (name, line)


def test_every_code_is_in_the_newest_release(book: CodeBook) -> None:
    unknown = [(row.term, code) for row in synonyms() for code in row.codes if book.entry(code) is None]
    assert unknown == []


def test_an_ambiguous_row_has_context_and_no_other_row_has() -> None:
    assert [row.term for row in synonyms() if row.ambiguous != bool(row.context)] == []


def test_a_context_word_is_one_word_that_can_settle_something() -> None:
    for row in synonyms():
        for word in row.context:
            found = tokens(word)
            assert len(found) == 1, (row.term, word)
            assert found[0].folded not in FILLER, (row.term, word)
            assert found[0].folded not in EVERYWHERE - (PAST if is_status(row) else set()), (row.term, word)


def is_status(row: Synonym) -> bool:
    """Whether a row stands for what was done or had before: there "prior" and "history" do settle it."""
    return row.codes[0][0] == "Z"


def test_no_row_is_written_twice() -> None:
    written = Counter((row.term, row.codes, row.cased, row.context) for row in synonyms())
    assert [row for row, times in written.items() if times > 1] == []


def test_a_term_is_more_than_filler_words_and_sides() -> None:
    for row in synonyms():
        assert content(tokens(row.term)) or is_spelled(row), row.term
        assert is_spelled(row) or any(token.folded not in SIDES for token in tokens(row.term)), row.term


def test_no_term_rests_on_a_word_that_is_left_out_when_terms_are_compared() -> None:
    """ "Not taking insulin" would be found in "taking insulin"."""
    rows = [row for row in synonyms() if not is_spelled(row)]
    assert [row.term for row in rows if {"not", "nos", "nec"} & {token.folded for token in tokens(row.term)}] == []


def is_spelled(row: Synonym) -> bool:
    """Whether a row counts only in exactly its spelling."""
    return row.cased and " " not in row.term


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Evaluate for reflux on the renal ultrasound.", "N13.70"),
        ("She takes omeprazole for reflux and heartburn.", "K21.9"),
        ("MS with new plaques, on ocrelizumab.", "G35.D"),
        ("CP radiating to the arm, troponin pending.", "R07.9"),
    ],
)
def test_context_settles_what_a_word_means(book: CodeBook, text: str, code: str) -> None:
    assert any(code in mention.codes and not mention.ambiguous for mention in book.spot(text))


@pytest.mark.parametrize(
    "text",
    [
        "TTP over the lateral knee.",
        "PCP: seen last week.",
        "PE: lungs clear, heart regular.",
        "CMP and CBC were drawn.",
        "She abstains from alcohol.",
        "Morning aldosterone levels were ordered.",
        "Patient education and counseling were provided.",
        "She is taking insulin as prescribed.",
        "She got her COVID-19 vaccine last fall.",
        "PROM of the shoulder is full.",
        "DVT prophylaxis: heparin.",
        "Several options were discussed.",
        "The tumor was 8 mm with negative margins.",
        "GAD-7 score 4.",
        "ESR 36 mm/hr.",
        "The fracture was immobilized in a splint.",
    ],
)
def test_words_with_an_everyday_meaning_settle_no_code(book: CodeBook, text: str) -> None:
    assert [mention for mention in book.spot(text) if not mention.ambiguous] == []
