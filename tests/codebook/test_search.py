"""Search: the book's own words, a clinician's, and a line of the Alphabetic Index lead to the right billable code."""

from __future__ import annotations

from datetime import date

import pytest

from codebook.book import CodeBook, open_book

DATE = date(2026, 6, 15)


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(DATE)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ("type 2 diabetes mellitus without complications", "E11.9"),
        ("high blood pressure", "I10"),
        ("COPD exacerbation", "J44.1"),
        ("pain in the left knee", "M25.562"),
        ("anaemia", "D64.9"),
        ("Angina, abdominal", "K55.1"),
        ("Necrosis, bone, aseptic or avascular, idiopathic", "M87.00"),
        ("Symptoms NEC, involving, respiratory system NEC", "R09.89"),
        ("closed fracture of right femoral neck", "S72.001A"),
        ("Ménière's disease", "H81.09"),
    ],
)
def test_terms_lead_to_their_code_at_once(book: CodeBook, terms: str, code: str) -> None:
    assert book.search(terms, 5)[0].code == code


def test_only_billable_codes_come_back_each_once(book: CodeBook) -> None:
    codes = [hit.code for hit in book.search("fracture", 50)]
    assert len(codes) == len(set(codes)) == 50
    assert all((entry := book.entry(code)) is not None and entry.billable for code in codes)


def test_a_list_is_not_the_sides_and_seventh_characters_of_one_condition(book: CodeBook) -> None:
    codes = [hit.code for hit in book.search("Colles fracture", 20)]
    assert sum(code.startswith("S52.53") for code in codes) <= 3


def test_words_without_meaning_find_nothing(book: CodeBook) -> None:
    assert book.search("the of and", 10) == []


def test_strange_words_do_not_break_the_search(book: CodeBook) -> None:
    for terms in ("", "(((", ", , ,", "🦴", "a" * 5000, 'x" OR 1=1 --'):
        assert isinstance(book.search(terms, 5), list)
