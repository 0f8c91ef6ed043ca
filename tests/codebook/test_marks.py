"""CC, MCC and HCC: read from the lists as published, and "not held" rather than "none" where one is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook import holdings, store
from codebook.importing import ImportFault, Taken
from codebook.marks import Category, categories, complication
from tests.codebook import cms_files

TakeIn = Callable[..., list[Taken]]
ON = date(2026, 8, 1)
SIX_I = "CMS-1833-F Table 6I - Complete MCC List - FY 2026.txt"
SIX_J = "CMS-1833-F Table 6J - Complete CC List - FY 2026.txt"
FINAL = "2026 Midyear Final ICD-10-CM Mappings.csv"
INITIAL = "2027 Initial ICD-10-CM Mappings.csv"


def test_a_code_on_neither_list_is_neither_only_when_both_are_held(take_in: TakeIn) -> None:
    assert (complication("J96.01", ON).held, complication("J96.01", ON).mark) == (False, None)
    take_in(SIX_I)
    assert (complication("j9601", ON).mark, complication("J96.01", ON).release) == ("MCC", "mcc-2025-10-01")
    assert (complication("E11.00", ON).held, complication("E11.00", ON).mark) == (False, None)
    take_in(SIX_J)
    assert complication("E11.00", ON).mark == "CC"
    assert (complication("I10", ON).mark, complication("I10", ON).release) == ("neither", "mcc-2025-10-01, cc-2025-10-01")
    assert complication("I10", ON).in_force
    assert not complication("I10", date(2026, 10, 1)).in_force
    assert not complication("J96.01", date(2025, 9, 30)).held


def test_the_archive_of_the_tables_with_another_in_it(take_in: TakeIn) -> None:
    taken = take_in(tables__zip=cms_files.tables_six())
    assert [one.release.id for one in taken] == ["mcc-2025-10-01", "cc-2025-10-01"]
    assert [name.rpartition(".")[2] for name in taken[0].unread] == ["txt", "xlsx"]


def test_the_title_may_name_the_year(take_in: TakeIn) -> None:
    (taken,) = take_in(list__txt=cms_files.complications("6J - COMPLETE CC LIST", ("A000", "Z9912"), " - FY 2026"))
    assert (taken.release.id, taken.release.end) == ("cc-2025-10-01", date(2026, 9, 30))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("i.txt", cms_files.MCC, "give --start"),
        (
            "i FY 2026.txt",
            cms_files.complications("6I - COMPLETE MCC LIST", ("A021", "J9601")),
            "does not reach from A codes to U",
        ),
        (
            "j FY 2026.txt",
            cms_files.complications("6J - COMPLETE CC LIST", ("E1100", "Z9912")),
            "does not reach from A codes to Z",
        ),
        ("j FY 2026.txt", cms_files.complications("6J - COMPLETE CC LIST", ()), "does not reach"),
        ("j FY 2026.txt", cms_files.complications("6J - COMPLETE CC LIST", ("A000", "A000", "Z9912")), "twice"),
        ("j FY 2026.txt", cms_files.CC.replace(b"E1100\t", b"E1100 "), "line 4 is not a code and its title"),
        (
            "j FY 2024.txt",
            cms_files.complications("6J - COMPLETE CC LIST", ("A000", "Z9912"), " - FY 2026"),
            "one of them is wrong",
        ),
        ("i.1.txt", cms_files.complications("6I.1 - ADDITIONS TO THE MCC LIST", ("A021",)), "lists changes"),
        (FINAL, cms_files.hcc(notes=False), "notes below the table are missing"),
        (FINAL, cms_files.hcc().replace(b'"Z992"', b'"Y992"'), "does not end in Z"),
        (
            FINAL,
            cms_files.hcc(rows=[("E119", "x", "many", "", "", "Yes", "No", "No")]),
            "E11.9 in the HCC mapping has a category",
        ),
        (FINAL, cms_files.hcc(rows=[("E119", "x", "19", "", "", "Maybe", "No", "No")]), "a payment flag that is none"),
        (FINAL, cms_files.hcc(rows=[("no code", "x", "19", "", "", "Yes", "No", "No")]), "row 9 of the HCC mapping"),
        (FINAL, cms_files.hcc().replace(b"V28 for 2026", b"V22 for 2026"), "a category and a payment year for each model"),
        (FINAL, cms_files.hcc(2025), "its name says 2026"),
        ("2028 Initial ICD-10-CM Mappings.csv", cms_files.hcc(2026), "its name says 2028"),
        ("mappings.csv", cms_files.hcc(), "for which payment year"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(name: str, content: bytes, says: str, take_in: TakeIn, home: Path) -> None:
    with pytest.raises(ImportFault) as refused:
        take_in(**{name.replace(".", "__"): content})
    (line,) = refused.value.faults
    assert says in line
    assert not list(home.glob("releases/*"))


def test_categories_by_the_year_of_the_diagnosis(take_in: TakeIn) -> None:
    assert not categories("E11.65", ON).held
    take_in(FINAL, INITIAL)
    found = categories("e1165", ON)
    assert (found.release, found.in_force) == ("hcc-2026-01-01-initial", True)
    assert found.categories == (
        Category(model="CMS-HCC ESRD V24", hcc=18, paid=True),
        Category(model="CMS-HCC V28", hcc=37, paid=True),
        Category(model="RxHCC V08", hcc=30, paid=True),
    )
    assert categories("E11.65", date(2025, 12, 31)).release == "hcc-2025-01-01"
    assert (categories("I10", ON).held, categories("I10", ON).categories) == (True, ())
    assert not categories("E11.65", date(2024, 12, 31)).held


def test_a_code_of_two_categories_has_both_and_a_repeated_row_counts_once(take_in: TakeIn) -> None:
    take_in(INITIAL)
    assert [(one.model, one.hcc, one.paid) for one in categories("B37.7", ON).categories] == [
        ("CMS-HCC ESRD V24", 2, True),
        ("CMS-HCC ESRD V24", 6, True),
        ("CMS-HCC V28", 2, True),
        ("CMS-HCC V28", 6, False),
        ("RxHCC V08", 5, True),
    ]
    assert [one.hcc for one in categories("Z99.2", ON).categories] == [134, 261]


def test_of_two_runs_of_a_payment_year_the_final_one_is_used(take_in: TakeIn) -> None:
    take_in(**{"2027-midyear_final-mappings__csv": cms_files.hcc(2027)})
    take_in(INITIAL)
    assert categories("E11.65", ON).release == "hcc-2026-01-01"


def test_notes_of_the_mapping_are_kept_as_not_understood(take_in: TakeIn) -> None:
    (taken,) = take_in(INITIAL)
    (held,) = holdings.of_book("hcc")
    assert taken.release.leftover == 4
    assert ("note below the table", "1. A code may repeat.", 1) in store.leftover_of(held.path)
