"""The conventions follow the release of the chart's date: heart disease with hypertension in two years' books.

Both books presume hypertension to cause the diseases of I51 that the Includes note at I11 names. That of FY 2025 keeps the whole
range apart from I11 by an Excludes1 note at I51; that of FY 2026 only myocardial degeneration and cardiomegaly, each at its own
code, so that other heart disease is coded beside I11. The older book is made up here, with the notes the publication has.
"""

from datetime import date
from pathlib import Path

import pytest

from codebook.book import CodeBook, open_book
from codebook.importing import import_files
from guardrails.check import check
from guardrails.coded_chart import CodedChart
from guardrails.policy import load_policy
from guardrails.rule import Rule
from guardrails.rules import RULES
from records.chart import Chart
from records.code import CodeAssignment
from tests.codebook import official

FY2025, FY2026 = "2025-06-15", "2026-06-15"
INCLUDED = "any condition in I50.- or I51.4-I51.7, I51.89, I51.9 due to hypertension"


def older_book(included: str = INCLUDED) -> bytes:
    """A book of FY 2025 with what it says of hypertension and heart disease."""
    ranges = "any condition in I51.4-I51.9 due to hypertension (I11.-)"
    inside = "".join(
        official.diagnosis(code, title)
        for code, title in (("I51.4", "Myocarditis, unspecified"), ("I51.7", "Cardiomegaly"), ("I51.81", "Takotsubo syndrome"))
    )
    inside += official.diagnosis("I51.9", "Heart disease, unspecified")
    diagnoses = (
        official.diagnosis("I10", "Essential (primary) hypertension")
        + official.diagnosis(
            "I11",
            "Hypertensive heart disease",
            f"<includes><note>{included}</note></includes>"
            + official.diagnosis("I11.9", "Hypertensive heart disease without heart failure"),
        )
        + official.diagnosis("I51", "Complications of heart disease", f"<excludes1><note>{ranges}</note></excludes1>" + inside)
    )
    return official.tabular("2025", diagnoses)


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, CodeBook]:
    """The two books, the older of them imported."""
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    path = tmp_path / "icd10cm-tabular-April-2025.xml"
    path.write_bytes(older_book())
    import_files([path], (date(2025, 4, 1), date(2025, 9, 30)), date(2026, 8, 1))
    return {on: open_book(date.fromisoformat(on)) for on in (FY2025, FY2026)}


def found(rule_id: str, book: CodeBook, on: str, *codes: str) -> set[tuple[str, ...]]:
    """The codes that findings of the rule name when these are reported on that date."""
    encounter = {"id": "e", "patient_class": "outpatient", "claim_type": "professional", "service_date": on}
    chart = Chart.model_validate({"encounter": encounter, "documents": [{"id": "note", "text": "none"}]})
    given = tuple(CodeAssignment(system="icd10cm", code=code, role="secondary", sequence=n) for n, code in enumerate(codes, 1))
    chosen: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.id == rule_id)
    coded = CodedChart(chart=chart, codes=given, book=book, policy=load_policy("supervised"))
    return {finding.codes for finding in check(coded, chosen)}


def test_each_date_has_its_book(books: dict[str, CodeBook]) -> None:
    assert {on: (book.release.id, book.in_force) for on, book in books.items()} == {
        FY2025: ("icd10cm-2025-04-01", True),
        FY2026: ("icd10cm-2026-04-01", True),
    }


@pytest.mark.parametrize(
    ("code", "apart"), [("I51.9", {FY2025}), ("I51.4", {FY2025}), ("I51.81", {FY2025}), ("I51.7", {FY2025, FY2026})]
)
def test_heart_disease_beside_i11_is_as_the_release_says(books: dict[str, CodeBook], code: str, apart: set[str]) -> None:
    assert {on for on, book in books.items() if found("CM-005", book, on, "I11.9", code)} == apart


@pytest.mark.parametrize(("code", "presumed"), [("I51.9", True), ("I51.7", True), ("I51.81", False)])
def test_the_presumption_is_that_of_both_includes_notes(books: dict[str, CodeBook], code: str, presumed: bool) -> None:
    for on, book in books.items():
        assert found("CM-011", book, on, "I10", code) == ({("I10", code)} if presumed else set())


def test_the_presumption_changes_with_the_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    path = tmp_path / "icd10cm-tabular-April-2025.xml"
    path.write_bytes(older_book("any condition in I51.81 due to hypertension"))
    import_files([path], (date(2025, 4, 1), date(2025, 9, 30)), date(2026, 8, 1))
    book = open_book(date.fromisoformat(FY2025))
    assert found("CM-011", book, FY2025, "I10", "I51.81")
    assert not found("CM-011", book, FY2025, "I10", "I51.9")
