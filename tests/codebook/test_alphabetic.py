"""The Alphabetic Index: paths, cross references, only codes the book has, whose year it is, and what it helps to find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from codebook import alphabetic
from codebook.alphabetic import IndexTerm
from codebook.book import CodeBook, open_book
from codebook.importing import Taken
from tests.codebook import official

TakeIn = Callable[..., list[Taken]]
ON = date(2026, 6, 15)
AILMENTS = (
    "<mainTerm><title>Ache<nemod>(dull) (sharp)</nemod></title><code>R52</code>"
    '<term level="1"><title>back</title><code>M54.9</code>'
    '<term level="2"><title>low<nemod>(mechanical)</nemod></title><code>M54.5-</code></term></term>'
    '<term level="1"><title>elbow</title><see>Pain, joint, elbow</see></term>'
    '<term level="1"><title>with</title><term level="2"><title>fever</title><code>A01.1</code><manif>B01.1</manif></term></term>'
    "</mainTerm>"
    "<mainTerm><title>Amber dawn blight<nemod>(weeping)</nemod></title><code>L98.9</code></mainTerm>"
    "<mainTerm><title>Aboulic</title><code>F48.9</code>"
    '<term level="1"><title>dusk</title><code>F99</code></term></mainTerm>'
    "<mainTerm><title>Pain, painful</title><seeAlso>Ache</seeAlso><code>R52</code>"
    '<term level="1"><title>joint</title><code>M25.50</code>'
    '<term level="2"><title>elbow</title><code>M25.52-</code></term></term>'
    "</mainTerm>"
    "<mainTerm><title>Algor fit</title><seeAlso>Painful, joint</seeAlso></mainTerm>"
    "<mainTerm><title>Ague</title><see>Nowhere at all</see></mainTerm>"
    "<mainTerm><title>Withdrawn</title><code>M10.999</code></mainTerm>"
)


@pytest.fixture
def book(take_in: TakeIn) -> CodeBook:
    take_in("icd10cm-drug-April-1-2026.xml", **{"icd10cm-index-April-2025__xml": official.index(version="2025", terms=AILMENTS)})
    return CodeBook.on(ON)


@pytest.fixture
def bare(home: object) -> CodeBook:
    """The book as it is before anything is imported."""
    book = CodeBook.on(ON)
    assert book.terms.phrases
    assert book.search_index.codes
    return book


def diseases(book: CodeBook) -> list[IndexTerm]:
    found = [term for term in alphabetic.index_terms(book) if term.part == alphabetic.DISEASES]
    return [term for term in found if not term.path[0].endswith("word")]


def test_every_term_comes_in_order_with_its_codes(book: CodeBook) -> None:
    assert [(", ".join(term.path), term.code, term.via) for term in diseases(book)] == [
        ("Ache", "R52", ""),
        ("Ache, back", "M54.9", ""),
        ("Ache, back, low", "M54.5", ""),
        ("Ache, elbow", "M25.52", "Pain, joint, elbow"),
        ("Ache, with, fever", "A01.1", ""),
        ("Ache, with, fever", "B01.1", ""),
        ("Amber dawn blight", "L98.9", ""),
        ("Aboulic", "F48.9", ""),
        ("Aboulic, dusk", "F99", ""),
        ("Pain, painful", "R52", ""),
        ("Pain, painful, joint", "M25.50", ""),
        ("Pain, painful, joint, elbow", "M25.52", ""),
        ("Algor fit", "M25.50", "Painful, joint"),
    ]


def test_modifiers_are_those_of_the_whole_path(book: CodeBook) -> None:
    low = next(term for term in diseases(book) if term.path == ("Ache", "back", "low"))
    assert low.modifiers == ("dull", "sharp", "mechanical")


def test_the_columns_of_a_table_are_part_of_the_path(book: CodeBook) -> None:
    (aine,) = [term for term in alphabetic.index_terms(book) if term.path[0] == "Aine"]
    assert (aine.path, aine.code) == (("Aine", "Poisoning Accidental (unintentional)"), "T51.0X1")


@pytest.mark.parametrize(
    ("title", "forms"),
    [("Pain, painful", ["pain, painful", "pain", "painful"]), ("Berries, poisonous", ["berries, poisonous"]), ("Ague", ["ague"])],
)
def test_a_title_of_two_forms_may_be_asked_for_by_either(title: str, forms: list[str]) -> None:
    assert alphabetic.forms(title) == forms


def test_an_index_of_another_year_is_named(book: CodeBook) -> None:
    assert [release.id for release in alphabetic.older(book)] == ["icd10cm_index-2025-04-01"]
    assert "icd10cm_index-2025-04-01" in book.index_notice
    assert book.index_notice in book.search_notice


def test_a_later_year_helps_too_when_no_other_is_held(take_in: TakeIn) -> None:
    take_in(**{"icd10cm-index-2027__xml": official.index(version="2027", terms=AILMENTS)}, given=(date(2026, 10, 1), None))
    book = CodeBook.on(ON)
    assert [release.start for release in alphabetic.older(book)] == [date(2026, 10, 1)]
    assert diseases(book)


def test_the_index_is_found_by_search_and_adds_to_it(bare: CodeBook, book: CodeBook) -> None:
    assert "L98.9" not in [hit.code for hit in bare.search("amber dawn blight", 15)]
    best = book.search("amber dawn blight", 15)[0]
    assert (best.code, best.matched) == ("L98.9", "Amber dawn blight")
    # A dash is resolved by the book: the child that the words ask for.
    assert next(hit.code for hit in book.search("Ache, elbow, left", 15) if hit.code.startswith("M25.52")) == "M25.522"


def test_main_terms_of_several_words_are_spotted_and_nothing_else(bare: CodeBook, book: CodeBook) -> None:
    text = "Amber dawn blight. Weeping amber dawn blight. Aboulic dusk. Aboulic."
    assert [(mention.term, mention.codes, mention.source) for mention in book.spot(text)] == [
        ("Amber dawn blight", ("L98.9",), "index"),
        ("Amber dawn blight", ("L98.9",), "index"),
    ]
    assert bare.spot(text) == []


def test_the_index_takes_no_phrase_from_the_book(bare: CodeBook, take_in: TakeIn) -> None:
    before = bare.spot("heart failure")
    wrong = "<mainTerm><title>Heart failure</title><code>R52</code></mainTerm>"
    take_in(**{"icd10cm-index-April-2025__xml": official.index(version="2025", terms=wrong)})
    assert CodeBook.on(ON).spot("heart failure") == before


def test_a_running_process_meets_an_index_imported_later(home: object, take_in: TakeIn) -> None:
    def spotted() -> list[str]:
        return [mention.term.lower() for mention in open_book(ON).spot("Amber dawn blight of the hand.")]

    assert "amber dawn blight" not in spotted()
    take_in(**{"icd10cm-index-April-2025__xml": official.index(version="2025", terms=AILMENTS)})
    assert "amber dawn blight" in spotted()


def test_no_index_is_no_index(bare: CodeBook) -> None:
    assert list(alphabetic.index_terms(bare)) == []
    assert (alphabetic.identity(bare), bare.index_notice) == ("", "")
