"""How spans are asserted: the table of examples, and what must hold for any text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.assertion import Assertion
from records.reading import Reading

CASES = Path(__file__).with_name("assertion_cases.toml")
_MARKED = re.compile(r"«([^»]*)»")


def _cases() -> list[tuple[str, str, str]]:
    table = tomllib.loads(CASES.read_text("utf-8"))
    return [(about, expected, text) for about, rows in table.items() for expected, texts in rows.items() for text in texts]


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The plain text and the offsets that the marks stood around."""
    text, spans, end = "", [], 0
    for found in _MARKED.finditer(marked):
        text += marked[end : found.start()]
        spans.append((len(text), len(text) + len(found.group(1))))
        text, end = text + found.group(1), found.end()
    return text + marked[end:], spans


@pytest.mark.parametrize(("about", "expected", "marked"), _cases())
def test_example(about: str, expected: str, marked: str) -> None:
    text, spans = _unmarked(marked)
    read = Reading(text)
    assert spans, f"the example marks nothing: {marked}"
    found = {text[start:end]: read.assertion(start, end) for start, end in spans}
    assert {words: asserted.assertion.value for words, asserted in found.items()} == dict.fromkeys(found, expected), found


def test_every_assertion_has_examples() -> None:
    counted = {name: sum(expected == name for _, expected, _ in _cases()) for name in Assertion}
    assert min(counted.values()) >= 8, counted


@given(st.text(max_size=300), st.integers(-5, 310), st.integers(-5, 310))
def test_never_raises_and_always_answers(text: str, start: int, end: int) -> None:
    assert Reading(text).assertion(start, end).assertion in Assertion


_MIX = """
    no denies pneumonia fever , . ; : ( ) ? history of mother if resolved possible or and but vs ruled out without
    - • [ ] [x] 3 2019 é 𝒳
"""
_WORDS = st.sampled_from([*_MIX.split(), "\n"])


@given(st.lists(_WORDS, max_size=40), st.data())
def test_any_mix_of_cues_resolves(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    asserted = Reading(text).assertion(start, end)
    assert asserted.assertion in Assertion
    assert asserted.assertion is Assertion.PRESENT or asserted.cue


@given(st.sampled_from(["denies", "no evidence of", "without", "rule out", "mother with", "history of"]), st.integers(0, 30))
def test_a_cue_never_reaches_into_the_next_paragraph(cue: str, blanks: int) -> None:
    text = f"Patient {cue} fever.{' ' * blanks}\n\nPneumonia today."
    start = text.index("Pneumonia")
    assert Reading(text).assertion(start, start + 9).assertion is Assertion.PRESENT


def test_the_cue_is_told() -> None:
    read = Reading("She denies chest pain.")
    assert read.assertion(11, 21).cue == "denies"
    assert Reading("FAMILY HISTORY\nStroke").assertion(15, 21).cue == "family_history"
