"""A reading: every offset resolves, and a document is read once."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from records.chart import Document
from records.reading import KEPT, Reading, reading

NOTE = "CHIEF COMPLAINT\nCough.\n\nFAMILY HISTORY\nMother with asthma.\n\nASSESSMENT\n1. Pneumonia.\n2. No effusion.\n"


@given(st.text(max_size=300), st.integers(-10, 320))
def test_every_offset_resolves(text: str, offset: int) -> None:
    read = Reading(text)
    section = read.section_at(offset)
    assert section in read.sections
    start, end = read.sentence_at(offset)
    assert (start, end) in read.sentences or not read.sentences
    if 0 <= offset < len(text):
        assert section.start <= offset < section.end
        assert text[offset].isspace() or start <= offset < end


def test_a_span_over_a_heading_is_read_by_what_follows() -> None:
    read = Reading(NOTE)
    start = NOTE.index("FAMILY")
    assert read.assertion(start, NOTE.index(" asthma") + 7).assertion == "family"
    start = NOTE.index("2. No")
    assert read.assertion(start, len(NOTE)).assertion == "absent"


def test_a_document_is_read_once_and_by_value() -> None:
    first = reading(Document(id="a", text=NOTE))
    assert reading(Document(id="a", text=NOTE)) is first
    assert reading(Document(id="a", text=NOTE + ".")) is not first


def test_the_cache_is_bounded() -> None:
    for number in range(KEPT + 5):
        reading(Document(id=f"d{number}", text="x"))
    assert reading.cache_info().currsize == KEPT


def test_a_large_text_is_read_in_time() -> None:
    """Two megabytes of the most awkward kinds; anything quadratic takes minutes."""
    began = time.perf_counter()
    for piece in ("no fever and cough ", ". ", ".", " ", "- a\n", "A: ", "[x] ", "=", "("):
        text = piece * (200_000 // len(piece))
        read = Reading(text)
        for offset in range(0, len(text), len(text) // 20):
            read.assertion(offset, offset + 5)
    assert time.perf_counter() - began < 20
