"""Needs: the table answers for every code, the most specific entry wins, and every entry names its source."""

from __future__ import annotations

import re

import pytest

from codebook.need import NeedTable, need

ASSERTIONS = {"present", "absent", "uncertain", "historical", "family", "hypothetical", "other_person"}
SECTIONS = {
    "chief_complaint",
    "hpi",
    "pmh",
    "psh",
    "family_history",
    "social_history",
    "medications",
    "allergies",
    "ros",
    "exam",
    "vitals",
    "results",
    "imaging",
    "assessment",
    "plan",
    "assessment_plan",
    "impression",
    "findings",
    "clinical_history",
    "indication",
    "diagnosis",
    "procedure",
    "hospital_course",
    "mdm",
    "addendum",
    "problem_list",
    "instructions",
    "questionnaire",
    "specimen",
    "gross",
    "microscopic",
    "other",
}


@pytest.mark.parametrize(
    ("code", "assertions", "section"),
    [
        ("E11.9", {"present"}, None),
        ("R05.9", {"present"}, None),
        ("Z80.3", {"family"}, "family_history"),
        ("Z84.89", {"family"}, "family_history"),
        ("Z85.3", {"historical", "present"}, "pmh"),
        ("Z87.891", {"historical", "present"}, "social_history"),
        ("Z79.4", {"present"}, "medications"),
        ("Z88.0", {"present", "historical"}, "allergies"),
        ("Z91.010", {"present", "historical"}, "allergies"),
        ("Z91.148", {"present", "absent", "historical"}, "medications"),
        ("Z66", {"present", "absent", "hypothetical"}, None),
        ("Z68.41", {"present"}, "vitals"),
        ("Z20.822", {"present", "uncertain", "historical", "other_person", "family"}, None),
        ("Z3A.32", {"present"}, None),
        ("W19.XXXA", {"present", "historical"}, None),
        ("T46.5X6A", {"present", "absent", "historical"}, None),
        ("T46.5X5A", {"present"}, None),
        ("S52.501D", {"present", "historical"}, None),
        ("S52.501A", {"present"}, None),
        ("S93.401S", {"present", "historical"}, None),
        ("F10.20", {"present"}, "social_history"),
        ("F10.21", {"present", "historical"}, "social_history"),
        ("F17.211", {"present", "historical"}, "social_history"),
        ("C91.01", {"present", "historical"}, None),
        ("C91.00", {"present"}, None),
        ("D48.9", {"present", "uncertain"}, None),
        ("I69.351", {"present", "historical"}, None),
        ("Z90.710", {"present", "historical"}, "psh"),
        ("F33.41", {"present", "historical"}, None),
    ],
)
def test_what_a_code_needs(code: str, assertions: set[str], section: str | None) -> None:
    found = need(code)
    assert found.assertions == assertions
    if section is not None:
        assert found.sections is not None
        assert section in found.sections


def test_the_dot_does_not_matter_and_nonsense_has_the_default() -> None:
    assert need("Z803") == need("Z80.3") == need("z80.3")
    assert need("") == need("not a code") == need("E11.9")


def test_every_entry_uses_known_words_and_names_its_source() -> None:
    for entry in NeedTable().needs:
        assert entry.assertions <= ASSERTIONS
        assert entry.sections is None or entry.sections <= SECTIONS
        assert re.fullmatch(r"I{1,3}V?(\.[A-Za-z0-9]+)*", entry.source)
