"""Sentence bounds: examples of real notes, and what holds of any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.sentences import MAX_SENTENCE, bounds

CASES = {
    "two sentences": ["She has asthma.", "No fever."],
    "decimals": ["Her hemoglobin A1c is 8.2 today.", "Increase metformin."],
    "a title": ["Seen by Dr. Smith today.", "Stable."],
    "initials": ["Seen by John A. Smith.", "Stable."],
    "a dose": ["Take 5 mg p.o. b.i.d. with food.", "Return in 2 wk."],
    "numbered items": ["1. Pneumonia", "2. COPD exacerbation", "10. Obesity"],
    "numbered items without a stop": ["1 Triple negative breast cancer", "2 Chemo induced anemia", "3 HTN ok"],
    "lines no page width broke": [
        "Asthma, moderate persistent, with acute exacerbation - step up, prednisone for 4 more d",
        "Peanut allergy with anaphylaxis at age three - avoidance, plan renewed",
        "RTC 4-6 wk",
    ],
    "lines a page width broke": [
        "He was seen by Cardiology for atrial fibrillation and by\nNeurology for the stroke, and both agreed on\nAspirin."
    ],
    "bullets": ["• Cough", "- fever", "* chills"],
    "a wrapped line": [
        "The patient is a 50-year-old man with a long history of chronic obstructive pulmonary disease\nwho denies fever today."
    ],
    "a line that ends in a joining word": ["There is no evidence of\npneumonia."],
    "short lines": ["Hypertension", "Diabetes mellitus", "CKD stage 3"],
    "an introduction": ["Patient denies:", "fever", "chills"],
    "a negative answer": ["Any chest pain?", "No.", "Cough?", "Yes."],
    "a number with No.": ["Tube No. 4 was clear.", "No growth."],
    "hepatitis C": ["She has hepatitis C. ".strip(), "Treated in 2019."],
    "capital abbreviation": ["She has MS.", "Walks with a cane."],
    "a query before the word": ["cough, ?pneumonia vs bronchitis"],
    "a query within": ["pneumonia? vs atelectasis"],
    "no space after the stop": ["No fever.", "Lungs are clear."],
    "versus": ["Viral vs. bacterial pharyngitis."],
    "closing bracket": ["(She has asthma.)", "No wheeze."],
    "check boxes": ["[ ] fever", "[x] cough"],
}

JOINT = {"no space after the stop": ""} | dict.fromkeys(
    [
        *("numbered items", "numbered items without a stop", "bullets", "short lines", "an introduction", "check boxes"),
        *("lines no page width broke", "lines a page width broke"),
    ],
    "\n",
)


@pytest.mark.parametrize("name", CASES)
def test_example(name: str) -> None:
    expected = CASES[name]
    text = JOINT.get(name, " ").join(expected)
    assert [text[start:end] for start, end in bounds(text)] == expected


def test_a_start_is_a_bound_whatever_the_punctuation() -> None:
    assert bounds("PMH: asthma", (0, 4)) == ((0, 4), (5, 11))


def test_nothing_has_no_sentence() -> None:
    assert bounds("") == bounds(" \n\t ") == ()


def test_a_text_without_stops_is_cut_at_blanks() -> None:
    text = "words " * 2000
    found = bounds(text)
    assert len(found) > 4
    assert all(end - start <= MAX_SENTENCE and text[start:end].endswith("words") for start, end in found)


_PIECES = st.sampled_from(
    [
        "Dr. ",
        "fever",
        ". ",
        "No",
        "\n",
        "\n\n",
        "• ",
        "1. ",
        "? ",
        "...",
        " ",
        "3.5",
        "\r\n",
        "\u2029",
        "A. ",
        "[x] ",
        "é𝒳",
        "!)",
        "x" * 2100,
    ]
)


@given(st.one_of(st.text(max_size=400), st.lists(_PIECES, max_size=40).map("".join)), st.lists(st.integers(-3, 420), max_size=4))
def test_sentences_cover_all_but_white_space(text: str, starts: list[int]) -> None:
    found = bounds(text, tuple(starts))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert all(text[start:end] == text[start:end].strip() for start, end in found)
    between = [0, *(offset for pair in found for offset in pair), len(text)]
    assert not "".join(text[low:high] for low, high in zip(between[::2], between[1::2], strict=True)).strip()
