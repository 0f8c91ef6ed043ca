"""Procedures, services and edits by date: what the imported tables say, and "not held" where none is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from codebook.answer import Answer
from codebook.hcpcs import modifier, service
from codebook.importing import Taken
from codebook.mce import mce_lists
from codebook.ncci import add_on, mue, ptp_edit
from codebook.pcs import procedure
from tests.codebook.official import ADD_ON_TEXT, PTP, mue_json

TakeIn = Callable[..., list[Taken]]
ON = date(2026, 8, 1)
ASKED: dict[str, Callable[[date], Answer]] = {
    "icd10pcs-order-2026.zip": lambda on: procedure("001B0ZZ", on),
    "HCPC2026_JUL_ANWEB.txt": lambda on: service("A0428", on),
    "cpt-2026.txt": lambda on: service("99213", on),
    "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv": lambda on: mue("36415", on, "practitioner"),
    "ccipra-v322r0-f1.TXT": lambda on: ptp_edit("29881", "29870", on, "practitioner"),
    "ccioph-v322r0.TXT": lambda on: ptp_edit("29881", "29870", on, "hospital"),
    "add-on.json": lambda on: add_on("99292", on),
    "mce-fy2026.json": lambda on: mce_lists("D63.0", on),
}


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_known_until_a_table_is_held(name: str, take_in: TakeIn) -> None:
    assert not ASKED[name](ON).held
    (taken,) = take_in(name)
    answer = ASKED[name](taken.release.start)
    assert (answer.held, answer.release, answer.in_force) == (True, taken.release.id, True)
    assert not ASKED[name](taken.release.end.replace(year=2030)).in_force


@pytest.mark.parametrize("name", [name for name in ASKED if not name.startswith(("cci", "add-on"))])
def test_a_later_release_does_not_answer_for_an_earlier_date(name: str, take_in: TakeIn) -> None:
    take_in(name)
    assert not ASKED[name](date(2025, 9, 30)).held


@pytest.mark.parametrize("name", [name for name in ASKED if name.startswith(("cci", "add-on"))])
def test_edits_with_dates_of_their_own_answer_for_earlier_ones(name: str, take_in: TakeIn) -> None:
    take_in(name)
    answer = ASKED[name](date(2025, 9, 30))
    assert (answer.held, answer.in_force) == (True, True)


def test_a_procedure_and_where_a_wrong_one_leaves_the_tables(take_in: TakeIn) -> None:
    take_in("icd10pcs-order-2026.zip")
    right = procedure("001b0zz", ON)
    assert (right.valid, right.title, right.table) == (True, "Release of 0", "Table 001")
    wrong = procedure("001B7ZZ", ON)
    assert (wrong.valid, wrong.wrong_axis, wrong.possible) == (False, "approach", ("0", "3"))
    assert procedure("E01B0ZZ", ON).wrong_axis == "section"
    assert procedure("001B0ZX", ON).wrong_axis == "qualifier"
    header = procedure("001", ON)
    assert (header.valid, header.wrong_axis, header.table) == (False, "", "Table 001")


def test_services_by_date(take_in: TakeIn) -> None:
    take_in("HCPC2026_JUL_ANWEB.txt", "cpt-2026.txt")
    found = service("a0428", ON)
    assert found.valid
    assert found.description == "Ambulance service, basic life support, non-emergency transport"
    dropped = service("J0120", ON)
    assert (dropped.valid, dropped.finish, dropped.held) == (False, date(2025, 12, 31), True)
    assert (service("A9999", ON).valid, service("A9999", ON).held) == (False, True)
    assert service("99213", ON).description == "Office visit as the licensee's file words it"
    assert (service("99999", ON).valid, service("99999", ON).system) == (False, "cpt")
    assert (service("nonsense", ON).system, service("nonsense", ON).held) == ("", False)
    assert modifier("25", ON).valid
    assert not modifier("ZZ", ON).valid
    assert modifier("ZZ", ON).held


def test_a_bare_list_knows_no_modifier(take_in: TakeIn) -> None:
    take_in("hcpcs_level2_2026q3.txt.gz")
    assert service("J1885", ON).valid
    assert not modifier("25", ON).held


def test_units(take_in: TakeIn) -> None:
    take_in("MCR_MUE_PractitionerServices_Eff_04-01-2026.csv")
    on = date(2026, 5, 1)
    found = mue("36415", on, "practitioner")
    assert (found.units, found.adjudication_indicator, found.rationale) == (2, 3, "Clinical: Data")
    assert mue("V5364", on, "practitioner").units == 0
    without = mue("99213", on, "practitioner")
    assert (without.units, without.held) == (None, True)
    assert not mue("36415", on, "hospital").held


def test_the_same_table_as_json(take_in: TakeIn) -> None:
    take_in(mue__json=mue_json())
    assert mue("36415", date(2026, 5, 1), "practitioner").units == 2


def test_pairs_either_way_round_and_by_date(take_in: TakeIn) -> None:
    take_in(**{"ccipra-v322r0__TXT": PTP})
    found = ptp_edit("29870", "29881", ON, "practitioner")
    assert (found.edited, found.column_one, found.column_two) == (True, "29881", "29870")
    assert (found.modifier_indicator, found.start, found.finish) == (1, date(2000, 1, 1), None)
    assert ptp_edit("99215", "99211", ON, "practitioner").modifier_indicator == 0
    none = ptp_edit("99213", "36415", ON, "practitioner")
    assert (none.edited, none.held) == (False, True)
    assert ptp_edit("20610", "20600", date(2024, 3, 31), "practitioner").edited
    assert not ptp_edit("20610", "20600", date(2024, 4, 1), "practitioner").edited
    assert not ptp_edit("20610", "20600", date(2009, 12, 31), "practitioner").edited
    assert not ptp_edit("29870", "29881", ON, "hospital").held
    assert not ptp_edit("29870", "29881", ON, "supplier").held


def edits(*pairs: str) -> bytes:
    heading = PTP.partition(b"29881")[0]
    return heading + b"".join(f"{one[:5]}\t{one[6:]}\t\t20000101\t*\t0\tRationale\r\n".encode() for one in pairs)


def test_a_table_in_several_files(take_in: TakeIn) -> None:
    first, second = edits("10021 10004", "29881 29870"), edits("30000 10021", "49000 44005")
    take_in(**{"ccipra-v322r0-f1__TXT": first})
    assert ptp_edit("10004", "10021", ON, "practitioner").edited
    assert ptp_edit("00100", "10021", ON, "practitioner").held
    assert not ptp_edit("49000", "44005", ON, "practitioner").held, "that file is not there"
    take_in(**{"ccipra-v322r0-f2__TXT": second})
    assert ptp_edit("49000", "44005", ON, "practitioner").release == "ptp_practitioner-2026-07-01-f2"
    between = ptp_edit("29999", "10021", ON, "practitioner")
    assert (between.held, between.edited) == (True, False)
    assert not ptp_edit("99213", "10021", ON, "practitioner").held


@pytest.mark.parametrize("text", [False, True])
def test_add_on_codes(text: bool, take_in: TakeIn) -> None:
    if text:
        take_in(**{"AOC_V2026Q3-MCR__txt": ADD_ON_TEXT})
    else:
        take_in("add-on.json")
    found = add_on("99292", ON)
    assert (found.add_on, found.primaries, found.by_contractor) == (True, frozenset({"99291"}), False)
    contractors = add_on("0054T", ON)
    assert (contractors.add_on, contractors.primaries, contractors.by_contractor) == (True, frozenset(), True)
    assert add_on("20701", date(2020, 12, 31)).add_on
    assert not add_on("20701", date(2021, 1, 1)).add_on
    assert not add_on("99213", ON).add_on


def test_lists_of_the_code_editor(take_in: TakeIn) -> None:
    take_in("mce-fy2026.json")
    assert mce_lists("D630", ON).lists == ("manifestation_not_pdx",)
    newborn = mce_lists("A33", ON)
    assert (newborn.lists, newborn.ages) == (("age_newborn",), {"age_newborn": (0, 0)})
    assert (mce_lists("E11.9", ON).lists, mce_lists("E11.9", ON).held) == ((), True)
