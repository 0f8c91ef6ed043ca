"""Where an official list or text is imported and in force it wins over what this project wrote; else its own stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook.book import open_book
from codebook.guidelines import guideline_sections, lookup
from codebook.importing import Taken, import_files
from codebook.poa import poa_exempt

TakeIn = Callable[..., list[Taken]]
ON, LATER = date(2026, 6, 15), date(2027, 6, 15)
SHARED = Path(__file__).parents[2].parent / "shared" / "knowledge"


def test_the_outline_is_cut_by_its_numbers(take_in: TakeIn) -> None:
    take_in("fy2026-guidelines.txt")
    found = {one.section: one for one in lookup(section="I", on=ON)}
    assert [number for number in found if number.startswith("I.C.1.a.1")] == [
        "I.C.1.a.1",
        *(f"I.C.1.a.1.{letter}" for letter in "abcdefghij"),
        "I.C.1.a.1.j.i",
        "I.C.1.a.1.j.ii",
    ]
    assert found["I.A.2"].text == "A list in a text does not begin a section: 7. this is not the next number"
    assert found["I.C.1.a"].title == "Things of the first kind"
    assert (found["I.C.1.a.1.c"].text, found["I.C.1.a.1.c"].page) == ("Text c.", 2)
    assert lookup(section="IV.A", on=ON)[0].page == 4


def test_official_text_wins_on_its_dates_only(take_in: TakeIn) -> None:
    own = lookup(section="I.B.1", on=ON)[0]
    take_in("fy2026-guidelines.txt")
    official = lookup(section="I.B.1", on=ON)[0]
    assert (own.official, official.official, official.text) == (False, True, "Locate it.")
    assert lookup(section="I.B.1", on=LATER) == lookup(section="I.B.1") == (own,)
    assert lookup(words="confirmed", on=ON)[0].section == "I.C.1.a.1"
    assert lookup(section="Appendix I", on=ON)[0].text == "Present on admission Reporting."


def test_official_sections_govern_the_codes_their_summaries_do(take_in: TakeIn) -> None:
    take_in("fy2026-guidelines.txt")
    found = lookup(code="B20", on=ON)
    assert "I.C.1" in [one.section for one in found], "a title names the codes of its chapter"
    assert found[0].section == "I.C.1.a.1", "as the summary of that number does"


def test_the_imported_list_of_exempt_codes_wins(take_in: TakeIn) -> None:
    assert (poa_exempt("Z00.00", ON), poa_exempt("B90.0", ON)) == (True, True)
    take_in("POAexemptCodesFY26.zip")
    assert (poa_exempt("Z00.00", ON), poa_exempt("B90.0", ON), poa_exempt("b900", ON)) == (False, True, True)
    assert poa_exempt("Z00.00", LATER), "a list that is not in force on the date does not decide"
    assert poa_exempt("Z00.00")


def test_the_official_publications_say_what_this_project_says_of_them(home: Path) -> None:
    files = [SHARED / "guidelines/fy2026-icd-10-cm-official-guidelines.pdf", SHARED / "icd10pcs/POAexemptCodesFY26.zip"]
    if not all(path.exists() for path in files):
        pytest.skip("the official guidelines and POA exempt list are not beside this project")
    import_files(files, (None, None), ON)
    official = {one.section: one for one in lookup(section="I", on=ON)}
    for own in guideline_sections():
        if own.section.startswith("I."):
            assert official[own.section].page == own.page, own.section
    codes = [code for code, _, billable, _ in open_book(ON).entries() if billable]
    assert [code for code in codes[::7] if poa_exempt(code, ON) != poa_exempt(code)] == []
