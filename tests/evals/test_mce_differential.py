"""The rules beside the Medicare Code Editor: with this project's tables, and with lists that are the editor's own.

These lists are asked out of the editor, a code at a time, and imported as an operator imports CMS's: so the rules and the
importer are tried on all of the editor without a copy of it in the project.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msdrg.mce import MceEditor

from codebook.book import CodeBook, open_book
from codebook.importing import import_files
from evals import mce_differential
from evals.mce_claims import EDGES, Claim, claims
from evals.mce_differential import (
    GUIDELINE,
    NOT_HELD,
    ON,
    OTHER_EDIT,
    OTHER_UPDATE,
    PUBLISHED_ONLY,
    SEED,
    TITLE,
    UNKNOWN_AGE,
    UNKNOWN_SEX,
    compare,
    main,
)
from evals.mce_sides import NEVER_PRINCIPAL, Editor, Stop, coded_claim, ours
from guardrails.rules.sex_conflict import sex_conflict
from guardrails.tables import table

FEW, MANY = 1_000, 4_000
SHARED = Path(os.environ.get("CHARTPROOF_SHARED") or Path(__file__).parents[2].parent / "shared")
AGES = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}
# An age and a sex that are asked, and which of these ages are a conflict for the codes of each list.
AS_MALE, AS_FEMALE = 0, 12
ASKED = ((AS_MALE, 0), (AS_FEMALE, 1), (70, 2))
CONFLICTS = {(12, 70): "age_newborn", (70,): "age_pediatric", (0, 70): "age_maternity", (0, 12): "age_adult"}
LISTS = {
    "MANIFESTATION_AS_PDX": "manifestation_not_pdx",
    "UNACCEPTABLE_PDX": "unacceptable_pdx",
    "REQUIRES_SDX": "unacceptable_pdx_unless_secondary",
}
NO_LIST = ("UNSPECIFIED", "QUESTIONABLE_ADMISSION", "WRONG_PROCEDURE_PERFORMED")
LAST_DAY_OF_SEX = date(2024, 9, 30)
Hold = Callable[[date, date, date], None]


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(ON)


@pytest.fixture(scope="module")
def native() -> Iterator[MceEditor]:
    with MceEditor() as editor:
        yield editor


@pytest.fixture(scope="module")
def editor(native: MceEditor) -> Editor:
    return Editor(native)


@pytest.fixture(scope="module")
def lists(native: MceEditor, book: CodeBook) -> Callable[[date], dict[str, list[dict[str, str]]]]:
    """The editor's lists of a date, in the form of a file of them."""

    def edits(on: date, code: str, age: int, sex: Any) -> set[str]:
        day, pdx = int(on.strftime("%Y%m%d")), {"code": code.replace(".", "")}
        asked: Any = {
            "discharge_date": day,
            "age": age,
            "sex": sex,
            "discharge_status": 1,
            "pdx": pdx,
            "sdx": [],
            "procedures": [],
        }
        return {edit["name"] for edit in native.edit(asked)["edits"]}

    @cache
    def of(on: date) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = {}
        for code in (code for code, _, billable, _ in book.entries() if billable):
            male, female, unknown = (edits(on, code, age, sex) for age, sex in ASKED)
            names = {LISTS[name] for name in male & LISTS.keys()}
            ages = tuple(
                age for (age, _), stopped in zip(ASKED, (male, female, unknown), strict=True) if "AGE_CONFLICT" in stopped
            )
            names |= {CONFLICTS[ages]} if ages else set()
            names |= {"sex_female"} if "SEX_CONFLICT" in male else {"sex_male"} if "SEX_CONFLICT" in female else set()
            for name in names:
                found.setdefault(name, []).append({"code": code})
        return found

    return of


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))


@pytest.fixture
def hold(lists: Callable[[date], Any], tmp_path: Path) -> Hold:
    """Import the editor's lists of a date as a release in force between two."""

    def run(of: date, start: date, end: date) -> None:
        ages = {name: {"min_age": low, "max_age": high} for name, (low, high) in AGES.items()}
        value = {"description": "Medicare Code Editor, asked", "age_categories": ages, "codes": lists(of)}
        path = tmp_path / "lists.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        import_files([path], (start, end), ON)

    return run


def stay(*diagnoses: str, years: int | None = 40, days: int = 0, sex: Any = "unknown", on: date = ON) -> Claim:
    first = on - timedelta(3)
    born = None if years is None else first.replace(year=first.year - years) - timedelta(days)
    return Claim(first, on, diagnoses, (None,) * len(diagnoses), years, born, sex)


def test_with_the_editors_own_lists(editor: Editor, book: CodeBook, hold: Hold) -> None:
    hold(ON, date(2026, 4, 1), date(2026, 9, 30))
    found = compare(claims(book, ON, MANY, SEED), book, editor)
    unlisted = {(kind, NOT_HELD) for kind in NO_LIST}
    assert set(found.only_theirs) - unlisted == {("age conflict", UNKNOWN_AGE)}
    assert ("UNSPECIFIED", NOT_HELD) in found.only_theirs
    invalid_or_moved = {("age conflict", OTHER_EDIT), *((kind, OTHER_EDIT) for kind in NEVER_PRINCIPAL)}
    assert set(found.only_ours) <= {("age conflict", TITLE), ("unacceptable principal", GUIDELINE), *invalid_or_moved}
    assert all(found.both[kind] > 60 for kind in mce_differential.KINDS if kind != "sex conflict"), found.both


def test_with_this_projects_own_tables(editor: Editor, book: CodeBook) -> None:
    found = compare(claims(book, ON, FEW, SEED), book, editor)
    assert found.unexplained == 0
    assert {kind for kind, why in found.only_theirs if why == PUBLISHED_ONLY} <= {
        "manifestation principal",
        "unacceptable principal",
    }
    assert {why for kind, why in found.only_theirs if kind == "age conflict"} == {UNKNOWN_AGE}
    assert found.both["age conflict"] > 50


def test_the_table_of_age_conflicts_is_the_editors(lists: Callable[[date], Any], book: CodeBook) -> None:
    billable = [code for code, _, billable, _ in book.entries() if billable]
    for row, name in zip(table("age_conflicts"), AGES, strict=True):
        listed = {member["code"] for member in lists(ON)[f"age_{name}"]}
        near = {code[:3] for code in (*listed, *row.codes, *row.without)}
        assert {code for code in billable if code[:3] in near and row.holds(book, code)} == listed
        assert (row.facts.get("years_from", 0), row.facts["years_to"]) == AGES[name]


@pytest.mark.parametrize(("years", "days"), EDGES)
def test_every_edge_of_an_age(years: int, days: int, editor: Editor, book: CodeBook, hold: Hold) -> None:
    hold(ON, date(2026, 4, 1), date(2026, 9, 30))
    claim = stay("I50.20", "A33", "A48.51", "C58", "A18.14", years=years, days=days)
    assert ours(claim, book).keys() == editor.stops(claim)


def test_an_unknown_age_is_unknown(editor: Editor, book: CodeBook, hold: Hold) -> None:
    hold(ON, date(2026, 4, 1), date(2026, 9, 30))
    claim = stay("C58", years=None)
    assert ours(claim, book) == {}
    assert editor.stops(claim) == {Stop("age conflict", "C58")}


def test_presence_on_admission_changes_no_edit_of_the_principal(editor: Editor, book: CodeBook, hold: Hold) -> None:
    hold(ON, date(2026, 4, 1), date(2026, 9, 30))
    for poa in ("Y", "N", "U", "W", None):
        claim = stay("E08.9", "E84.9")
        claim = Claim(**{**vars(claim), "poa": (poa, poa)})
        assert ours(claim, book).keys() == editor.stops(claim) == {Stop("manifestation principal", "E08.9")}


def test_sex_is_asked_while_the_edit_was_in_force(editor: Editor, book: CodeBook, hold: Hold) -> None:
    hold(LAST_DAY_OF_SEX, date(2023, 10, 1), date(2025, 9, 30))
    found = compare(claims(book, LAST_DAY_OF_SEX, FEW, SEED), book, editor)
    assert found.both["sex conflict"] > 25
    assert {key for key in (*found.only_ours, *found.only_theirs) if key[0] == "sex conflict"} == {("sex conflict", UNKNOWN_SEX)}
    day_after = stay("C53.9", sex="male", on=LAST_DAY_OF_SEX + timedelta(1))
    assert sex_conflict.findings(coded_claim(day_after, book))
    assert not sex_conflict.in_force(day_after.discharge_date)
    assert ours(day_after, book) == {}
    assert editor.stops(day_after) == set()


def test_the_published_lists_held(editor: Editor, book: CodeBook) -> None:
    path = SHARED / "knowledge" / "edits" / "mce_edits.json"
    if not path.exists():
        pytest.skip("the published lists of the Medicare Code Editor are not beside this project")
    (taken,) = import_files([path], (None, None), ON)
    day = taken.release.start
    found = compare(claims(book, ON, FEW, SEED), book, editor)
    assert found.unexplained == 0
    assert {code for (_, why), codes in found.only_ours.items() if why == OTHER_UPDATE for code in codes} <= LATER
    for code in LATER:
        assert ours(stay(code), book).keys() == {Stop("unacceptable principal", code)}
        assert editor.stops(stay(code)) == set()
        assert editor.stops(stay(code, on=day)) == {Stop("unacceptable principal", code)}


LATER = {"F07.81", "H40.841", "H40.842", "H40.843", "H40.849"}


def test_a_disagreement_without_a_reason_is_told(
    editor: Editor, book: CodeBook, hold: Hold, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hold(ON, date(2026, 4, 1), date(2026, 9, 30))
    monkeypatch.setattr(
        mce_differential, "ours", lambda claim, book: {Stop("duplicate of principal", claim.principal): {"CM-010"}}
    )
    found = compare([stay("Z00.01")], book, editor)
    assert found.unexplained == 2
    assert main(["--sample", "20"]) == 1
    assert "disagreements without a reason" in capsys.readouterr().out


def test_the_command_prints_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sample", "50"]) == 0
    assert "age conflict" in capsys.readouterr().out
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    assert main(["--lists", str(bad), "--sample", "1"]) == 2
    assert "bad.json" in capsys.readouterr().err
