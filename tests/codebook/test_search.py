"""Search: the book's own words, a clinician's, and a line of the Alphabetic Index lead to the right billable code."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from codebook.book import CodeBook, open_book
from codebook.search import load
from codebook.search.question import question
from codebook.words import content, tokens

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
        # What is said not to be there, and what is.
        ("GERD without esophagitis", "K21.9"),
        ("GERD with esophagitis", "K21.00"),
        ("migraine without aura intractable with status migrainosus", "G43.011"),
        ("well child visit with abnormal findings", "Z00.121"),
        # The encounter, the kind of fracture and how it heals choose the 7th character.
        ("open fracture of left tibial shaft type IIIA, delayed healing", "S82.202J"),
        ("closed fracture left distal radius nonunion", "S52.502K"),
        ("right distal radius fracture subsequent encounter routine healing", "S52.501D"),
        ("sequela of right hip fracture", "S72.001S"),
        # Weeks of gestation are a trimester.
        ("dichorionic twin pregnancy 30 weeks", "O30.043"),
        # Words parted by a comma are not yet a line of the index.
        ("Left shoulder pain, likely from the rotator cuff", "M25.512"),
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
        found = book.search(terms, 5)
        assert len(found) <= 5
        assert all(hit.code and book.entry(hit.code) for hit in found)
    assert book.search("", 5) == book.search("(((", 5) == []


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        ("Angina, abdominal", True),
        ("Mounier-Kuhn syndrome, acquired, with bronchiectasis", True),
        ("angina", False),
        ("Left shoulder pain, rotator cuff tear", False),
        ("Hypertension, uncontrolled.", False),
        ("low carbohydrate diet, low cholesterol", False),
    ],
)
def test_a_line_of_the_index_begins_with_its_main_term(terms: str, line: bool) -> None:
    assert question(terms).line is line


def test_what_is_denied_is_not_affirmed() -> None:
    asked = question("diverticulitis without perforation or abscess, with bleeding")
    assert asked.denied == content(tokens("perforation"))
    assert asked.affirmed == content(tokens("diverticulitis bleeding"))


@pytest.mark.parametrize("damage", [b"", b"no array"])
def test_a_damaged_index_is_built_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: bytes) -> None:
    book = CodeBook.on(DATE)
    monkeypatch.setattr("codebook.search.index._build", lambda made, folder, progress: shutil.copytree(whole, folder))
    monkeypatch.setattr("codebook.search.index.documents", lambda book: None)
    whole = book.search_index.folder
    monkeypatch.setattr("codebook.places.cache", lambda: tmp_path)
    broken = shutil.copytree(whole, tmp_path / whole.name)
    (broken / "said-units.npy").write_bytes(damage)
    again = load(book)
    assert again.folder == broken
    assert len(again.said) == len(book.search_index.said)
