"""What ``read_code`` shows is what the book holds: nothing of a code is lost on the way to the model."""

from __future__ import annotations

import re
import sys
from datetime import date

import pytest

from codebook.book import CodeBook, open_book
from codebook.entry import CodeEntry
from codebook.guidelines import lookup
from records.chart import Chart, Document
from records.encounter import Encounter
from tools import Desk
from tools.read_code import read_code

ON = date(2026, 6, 15)
# Every code takes minutes; of the chapters only the smallest has none among these.
STEP = 61


@pytest.fixture(scope="module")
def desk() -> Desk:
    encounter = Encounter(id="e", patient_class="outpatient", service_date=ON)
    return Desk(Chart(encounter=encounter, documents=(Document(id="note", text="Text."),)), open_book(ON))


def read(book: CodeBook) -> list[CodeEntry]:
    codes = [code for code, *_ in book.entries() if re.fullmatch(r"[A-Z]\d[0-9A-Z].*", code) and "-" not in code]
    entries = [book.entry(code) for code in codes[::STEP]]
    return [entry for entry in entries if entry is not None]


def test_a_code_is_shown_as_the_book_holds_it(desk: Desk) -> None:
    entries = read(desk.book)
    assert len(entries) > 1500
    assert {entry.path[0] for entry in entries} >= {f"Chapter {number}" for number in range(1, 22)}
    for entry in entries:
        shown = read_code(desk, entry.code)
        assert [step.partition(" ")[0] for step in shown["path"][1:]] == list(entry.path[1:]), entry.code
        listed = [(kind, text) for kind, texts in shown.items() if isinstance(texts, list) for text in texts]
        notes = [(kind, text) for kind, text in listed if text.startswith("[")]
        held = [(note.kind, f"[{note.level}] {note.text}") for note in entry.notes if note.kind != "inclusion_term"]
        assert sorted(notes) == sorted(held), entry.code
        assert shown.get("seventh_characters", {}) == entry.seventh_characters, entry.code
        parent = desk.book.entry(entry.path[-1])
        assert parent is not None
        around = [text.partition(" ")[0] for text in (*shown["children"], *shown["siblings"])]
        assert around == [*entry.children, *(code for code in parent.children if code != entry.code)], entry.code
        assert shown["guidelines"] == [one.section for one in lookup(code=entry.code, on=ON)], entry.code


def test_a_list_that_is_cut_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[read_code.__module__], "SHOWN_CHILDREN", 3)
    shown = read_code(desk, "S52.501A")["siblings"]
    assert len(shown) == 4
    assert re.fullmatch(r"and \d+ more", shown[-1])
