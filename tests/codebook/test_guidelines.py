"""The guidelines: complete where it matters, found by number, code and words, in a text short enough to quote."""

from __future__ import annotations

import re

import pytest

from codebook.guidelines import guideline_sections, lookup

REFERENCE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?(-[A-Z][0-9A-Z][0-9A-Z])?")


def test_every_section_is_there_once_with_text_page_and_release() -> None:
    sections = guideline_sections()
    numbers = [one.section for one in sections]
    assert len(sections) >= 300
    assert len(set(numbers)) == len(numbers)
    for one in sections:
        assert 7 <= one.page <= 121
        assert 20 <= len(one.text) <= 900
        assert one.release.startswith("FY2026")
        for reference in one.codes:
            assert REFERENCE.fullmatch(reference), (one.section, reference)


@pytest.mark.parametrize("number", [*(f"I.A.{n}" for n in range(1, 20)), *(f"I.B.{n}" for n in range(1, 21))])
def test_conventions_and_general_guidelines_are_complete(number: str) -> None:
    assert lookup(section=number)[0].section.startswith(number)


@pytest.mark.parametrize("number", [*(f"II.{c}" for c in "ABCDEFGHIJK"), *(f"III.{c}" for c in "ABC")])
def test_the_inpatient_sections_are_complete(number: str) -> None:
    assert lookup(section=number)[0].section == number


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQ")
def test_the_outpatient_section_is_complete(letter: str) -> None:
    assert lookup(section=f"IV.{letter}")[0].section == f"IV.{letter}"


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("I.C.9.a.3", "I.C.9.a.3"),
        ("Section I.C.9.a.3.", "I.C.9.a.3"),
        ("i.c.9.A.3", "I.C.9.a.3"),
        ("I.C.1.a.2(e)", "I.C.1.a.2.e"),
        ("I.C.9.a.3.z", "I.C.9.a.3"),
        ("I.C.15.a", "I.C.15.a.1"),
        ("Appendix I", "Appendix I.general"),
        ("II", "II"),
    ],
)
def test_by_number(asked: str, first: str) -> None:
    assert lookup(section=asked)[0].section == first


def test_a_number_brings_what_is_below_it_and_no_neighbour() -> None:
    assert {one.section[:7] for one in lookup(section="I.C.9.a")} == {"I.C.9.a"}
    assert all(one.section.split(".")[0] == "I" for one in lookup(section="I"))


@pytest.mark.parametrize(
    ("code", "section"),
    [
        ("I13.0", "I.C.9.a.3"),
        ("E11.A", "I.C.4.a.1.b"),
        ("E1165", "I.C.4.a.2"),
        ("U07.1", "I.C.1.g.1.a"),
        ("Z79.4", "I.C.4.a.3"),
        ("Z80.3", "I.C.21.c.4"),
        ("W11.XXXA", "I.C.20.a.7"),
        ("L89.152", "I.C.12.a.1"),
        ("M80.051A", "I.C.13.d.2"),
        ("T38.3X6A", "I.C.4.a.5"),
        ("QA0.0", "I.C.17"),
    ],
)
def test_by_code_the_governing_section_is_among_the_first(code: str, section: str) -> None:
    assert section in [one.section for one in lookup(code=code)[:4]]


def test_a_narrow_reference_goes_before_a_range() -> None:
    found = [one.section for one in lookup(code="R65.21")]
    assert found[0] == "I.C.1.d.2"
    assert found.index("I.C.1.d.1.b") < found.index("I.C.18.a")


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("uncertain diagnosis outpatient", "IV.H"),
        ("type of diabetes not documented", "I.C.4.a.2"),
        ("hypertension with chronic kidney disease", "I.C.9.a.2"),
        ("underdosing", "I.C.19.e.5.c"),
        ("social determinants", "I.C.21.c.17"),
        ("excludes1", "I.A.12.a"),
        ("present on admission external causes", "Appendix I.external"),
    ],
)
def test_by_words(words: str, section: str) -> None:
    assert section in [one.section for one in lookup(words=words)[:3]]


def test_what_is_not_held_is_empty() -> None:
    assert lookup(section="IX.9") == lookup(words="zzz") == lookup(words="") == lookup(code="") == ()
    assert lookup(code="nonsense") == ()


def test_exactly_one_way_of_asking() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        lookup()
    with pytest.raises(ValueError, match="exactly one"):
        lookup(section="II", words="x")
