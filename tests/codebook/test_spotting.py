"""Phrases found in clinical writing, and the codes their surroundings lead to."""

from datetime import date

import pytest

from codebook.book import CodeBook, open_book
from codebook.spotting import Mention


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


def first(mentions: list[Mention]) -> list[str]:
    return [mention.codes[0] for mention in mentions]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Right proximal humerus fracture.", ["S42.201A"]),
        ("Pain in the left knee", ["M25.562"]),
        ("CKD stage 3b with T2DM and HTN", ["N18.32", "E11.9", "I10"]),
        ("CKD 3a", ["N18.31"]),
        ("acute on chronic systolic heart failure", ["I50.23"]),
        ("bilateral osteoarthritis of the knees", ["M17.0"]),
        ("persistent AF, HTN, hypokalemia", ["I48.19", "I10", "E87.6"]),
        ("MDD, recurrent, moderate", ["F33.1"]),
        ("MDD, single episode, in full remission, off sertraline", ["F32.5"]),
        ("Asthma, moderate persistent, w/ acute exacerbation", ["J45.41"]),
        ("migraine w/o aura", ["G43.009"]),
        ("migraine with aura", ["G43.109"]),
        ("Scalp laceration", ["S01.01XA"]),
        ("scalp laceration with foreign body", ["S01.02XA"]),
        ("Complex tear medial meniscus, L knee, acute", ["S83.232A"]),
        ("Cerumen impaction R, removed", ["H61.21"]),
        ("B/L sensorineural hearing loss", ["H90.3"]),
        ("A. Colon, ascending, polypectomy: Tubular adenoma.", ["D12.2"]),
        ("A. Left breast, upper outer quadrant, core biopsy:\n - Invasive ductal carcinoma, grade 2", ["C50.412"]),
        ("Epigastric pain on chronic NSAID", ["R10.13", "Z79.1"]),
        ("56F w/ R hip OA", ["M16.11"]),
        ("Hepatitis B neg. Hep C, chronic", ["B19.10", "B18.2"]),
        ("The left side is fine. Primary osteoarthritis of hip", ["M16.10"]),
        ("HIV and one TIA", ["Z21", "G45.9"]),
    ],
)
def test_a_phrase_leads_to_the_code_its_words_ask_for(book: CodeBook, text: str, codes: list[str]) -> None:
    assert first(book.spot(text, "female")) == codes


@pytest.mark.parametrize(
    "text",
    [
        "GAD-7 of 5",
        "Mr. Smith",
        "shows no swelling of note",
        "L4-5",
        "severity of symptoms",
        "6 L of fluid",
        "HD via LUE AVF",
        "x2 hr",
        "the patient is here",
    ],
)
def test_what_only_looks_like_a_phrase_is_none(book: CodeBook, text: str) -> None:
    assert [mention for mention in book.spot(text) if not mention.ambiguous and mention.codes[0][0] not in "RZ"] == []


def test_offsets_are_those_of_the_text_and_hold_the_side(book: CodeBook) -> None:
    text = "Impression: Right leg contusion. HTN."
    assert [text[mention.start : mention.end] for mention in book.spot(text)] == ["Right leg contusion", "HTN"]


def test_an_ambiguous_word_counts_only_near_its_context(book: CodeBook) -> None:
    assert all(mention.ambiguous or mention.codes[0] != "N13.70" for mention in book.spot("reflux after meals"))
    assert "N13.70" in first([m for m in book.spot("history of reflux, renal ultrasound today") if not m.ambiguous])


def test_order_of_words_does_not_matter_but_relations_do(book: CodeBook) -> None:
    assert first(book.spot("fracture of the left hip"))[0] == first(book.spot("left hip fracture"))[0]
    assert "G89.29" not in first(book.spot("pain on chronic opioids"))
