"""Sections: the table of documents, and what holds of any text."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.assertion import Assertion
from records.section import cut, section_facts, section_kinds

CASES = tomllib.loads(Path(__file__).with_name("section_cases.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_example(name: str) -> None:
    marked = CASES[name]["text"].lstrip("\n")
    text = marked.replace("»", "")
    starts = [found - before for before, found in enumerate(at for at, char in enumerate(marked) if char == "»")]
    sections = cut(text)
    assert [section.kind for section in sections] == CASES[name]["kinds"]
    found = [text[section.start :].lstrip() for section in sections]
    for start in starts:
        assert text[start:].lstrip() in found


@pytest.mark.parametrize("kind", section_kinds())
def test_every_heading_opens_its_kind(kind: str) -> None:
    for heading in section_facts(kind).headings:
        for written in (f"{heading.upper()}:\nwords here\n", f"{heading.capitalize()}: words here"):
            assert cut(written)[0].kind == kind, written


def test_no_heading_is_of_two_kinds() -> None:
    headings = [heading for kind in section_kinds() for heading in section_facts(kind).headings]
    assert len(set(headings)) == len(headings)


def test_defaults_are_assertions() -> None:
    named = {section_facts(kind).assertion for kind in section_kinds()} - {""}
    assert named <= set(Assertion)
    assert section_facts("family_history").assertion == Assertion.FAMILY
    assert section_facts("psh").assertion == Assertion.HISTORICAL


def test_what_may_not_establish_a_diagnosis() -> None:
    assert not any(section_facts(kind).codable for kind in ("family_history", "ros", "instructions", "questionnaire", "vitals"))
    assert all(section_facts(kind).codable for kind in ("assessment", "impression", "mdm", "pmh", "hpi", "problem_list"))


_LINES = st.sampled_from(
    [
        "ASSESSMENT",
        "A/P:",
        "1. Pneumonia",
        "PMH: asthma",
        "FH:",
        "",
        "  - fever",
        "# Plan",
        "He said: no.",
        "\r\n",
        "IMPRESSION:\t",
        "é\u2028x",
        "PE",
    ]
)


@given(st.one_of(st.text(max_size=400), st.lists(_LINES, max_size=25).map("\n".join)))
def test_sections_tile_the_text(text: str) -> None:
    sections = cut(text)
    assert sections[0].start == 0
    assert sections[-1].end == len(text)
    assert all(before.end == after.start for before, after in pairwise(sections))
    assert all(section.start <= section.heading_end <= section.end for section in sections)
    assert {section.kind for section in sections} <= set(section_kinds())
