"""Whether words support a code, and which neighbour they fit better."""

import time
from datetime import date

import pytest

from codebook.book import CodeBook, open_book
from codebook.claims import claims, telling
from codebook.phrases import phrases_in


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("I10", ("HTN, above goal",)),
        ("I10", ("High blood pressure.",)),
        ("J44.9", ("COPD",)),
        ("E11.9", ("Diabetes.",)),
        ("E11.65", ("Diabetes Type II.", "her blood glucose was elevated")),
        ("I11.0", ("Hypertension.", "Congestive heart failure.")),
        ("M16.11", ("Right hip degenerative joint disease.",)),
        ("S72.001A", ("right hip fracture",)),
        ("S93.401A", ("Right ankle sprain.",)),
        ("N18.31", ("CKD stage 3a",)),
        ("S92.321A", ("displaced fracture of the 2nd metatarsal",)),
        ("G56.92", ("Left upper extremity neuropathy",)),
        ("Z80.0", ("Maternal grandfather: pancreatic cancer.",)),
        ("Z68.41", ("BMI 41.2",)),
        ("Y93.54", ("she was bowling",)),
        ("G43.009", ("migraine without aura",)),
        ("R74.01", ("Elevated ALT",)),
        ("S61.211A", ("Lac L index finger",)),
        ("H66.91", ("AOM R",)),
    ],
)
def test_words_that_support_their_code(book: CodeBook, code: str, texts: tuple[str, ...]) -> None:
    support = book.support(code, texts)
    assert (support.reaches, support.missing, support.better) == (True, (), ())


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("E11.9", "Depression."),
        ("M17.11", "Right knee pain"),
        ("M25.561", "right knee sprain"),
        ("I50.1", "heart failure"),
        ("Q99.99", "heart failure"),
        ("I10", ""),
    ],
)
def test_words_about_something_else(book: CodeBook, code: str, text: str) -> None:
    assert not book.support(code, (text,)).reaches


@pytest.mark.parametrize(
    ("code", "text", "missing"),
    [
        ("J15.0", "pneumonia", {"klebsiella"}),
        ("I50.21", "heart failure", {"acute", "systolic"}),
        ("E11.36", "type 2 diabetes", {"cataract"}),
        ("N20.2", "kidney stone", {"ureter"}),
        ("K59.04", "constipation", {"chronic", "idiopathic"}),
        ("D50.0", "iron deficiency anemia", {"blood", "loss"}),
        ("S72.001B", "right hip fracture", {"open"}),
        ("S72.001K", "right hip fracture", {"nonunion"}),
        ("E87.22", "metabolic acidosis", {"chronic"}),
        ("N10", "pyelonephritis", {"acute"}),
    ],
)
def test_a_code_that_says_more_than_the_words(book: CodeBook, code: str, text: str, missing: set[str]) -> None:
    support = book.support(code, (text,))
    assert not support.reaches
    assert missing <= set(support.missing)


@pytest.mark.parametrize(
    ("code", "texts", "better"),
    [
        ("E11.9", ("type 1 diabetes",), "E10.9"),
        ("J18.9", ("Klebsiella pneumonia",), "J15.0"),
        ("I50.9", ("acute systolic heart failure",), "I50.21"),
        ("I50.22", ("acute systolic heart failure",), "I50.21"),
        ("N18.9", ("CKD", "stage 3b"), "N18.32"),
        ("N18.4", ("CKD stage 3a",), "N18.31"),
        ("J44.9", ("AECOPD",), "J44.1"),
        ("E03.8", ("Hypothyroidism.",), "E03.9"),
        ("L68.9", ("Hirsutism",), "L68.0"),
        ("S39.011A", ("lumbar strain",), "S39.012A"),
        ("K21.9", ("GERD with esophagitis",), "K21.00"),
        ("S72.001A", ("right hip fracture, open",), "S72.001B"),
        ("S52.501D", ("nonunion of the right distal radius fracture",), "S52.501K"),
    ],
)
def test_a_neighbour_that_fits_better(book: CodeBook, code: str, texts: tuple[str, ...], better: str) -> None:
    assert better in book.support(code, texts).better


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("C56.2", "Ovarian cancer of the left ovary"),
        ("G43.009", "migraine without aura, not intractable"),
        ("I25.2", "old MI"),
        ("J45.909", "asthma"),
    ],
)
def test_no_neighbour_is_named_without_a_reason(book: CodeBook, code: str, text: str) -> None:
    assert book.support(code, (text,)).better == ()


def test_what_a_title_claims_and_denies() -> None:
    title = claims("Vascular dementia, unspecified severity, without behavioral disturbance, mood disturbance, and anxiety")
    assert title.words == telling("vascular dementia")
    assert telling("mood anxiety") <= title.denied
    assert claims("Type 2 diabetes mellitus with hyperglycemia").words == {"type2", "diabet", "hyperglycemia"}


def test_the_longest_synonym_of_a_sentence_counts() -> None:
    assert {phrase.codes[0] for phrase in phrases_in("type 1 diabetes")} == {"E10.9"}
    assert phrases_in("") == ()


def test_support_is_fast_once_warm(book: CodeBook) -> None:
    texts = tuple(f"acute systolic heart failure {number}" for number in range(200))
    book.support("I50.21", ("acute systolic heart failure",))
    start = time.process_time()
    for text in texts:
        book.support("I50.21", (text,))
    assert (time.process_time() - start) / len(texts) < 0.005
