"""``chartproof codebook``: what is held and missing, files taken in or refused, and which book a chart of a date is coded by."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agent.model import Model
from codebook import shelf
from records.code import Draft
from tests.agent.scripted import ScriptedModel
from tests.codebook import official
from tests.service.conftest import Ran

Run = Callable[..., Ran]
SHARED = Path(__file__).parents[2].parent / "shared" / "knowledge" / "icd10cm"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def rows(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_status_names_what_is_held_and_what_is_missing(chartproof: Run, tmp_path: Path) -> None:
    (path,) = official.write(tmp_path, "cpt-2026.txt")
    assert chartproof("codebook", "import", path).code == 0
    found = rows(chartproof("codebook", "status", "--json"))
    held = {row["id"]: row for row in found if "id" in row}
    assert set(held) == {"icd10cm-2026-04-01", "cpt-2026-01-01"}
    assert (held["cpt-2026-01-01"]["start"], held["cpt-2026-01-01"]["end"]) == ("2026-01-01", "2026-12-31")
    assert {"publisher", "sha256", "file", "origin", "entries", "leftover", "in_force_today"} <= set(held["cpt-2026-01-01"])
    missing = {row["book"] for row in found if row.get("missing_today")}
    assert {"icd10pcs", "ptp_practitioner", "mce"} <= missing
    shown = chartproof("codebook", "status").out
    assert "cpt-2026-01-01" in shown
    assert "Not held for today" in shown
    assert "inpatient procedure codes" in shown


def test_an_import_that_fails_is_one_line_a_file_and_exit_2(chartproof: Run, tmp_path: Path, home: Path) -> None:
    good, bad = *official.write(tmp_path, "mce-fy2026.json"), tmp_path / "bad.txt"
    bad.write_text("a letter\n")
    ran = chartproof("codebook", "import", good, bad, tmp_path / "absent.xml")
    said = [line for line in ran.err.splitlines() if "taking in" not in line]
    assert ran.code == 2
    assert [line.split(":")[1].strip() for line in said] == ["bad.txt", "absent.xml"]
    assert said[-1].endswith("nothing was imported")
    assert not list(home.glob("releases/*"))


def test_import_says_what_is_held_now(chartproof: Run, tmp_path: Path) -> None:
    paths = official.write(tmp_path, "icd10pcs-order-2026.zip", "fy2026-guidelines.txt")
    first = rows(chartproof("codebook", "import", *paths, "--json"))
    assert [(row["id"], row["new"]) for row in first] == [("icd10pcs-2025-10-01", True), ("guidelines-2025-10-01-text", True)]
    again = chartproof("codebook", "import", *paths)
    assert again.out.count("held already") == 2
    assert "order_addenda_2026.txt" in again.out


def test_leftover_and_remove(chartproof: Run, tmp_path: Path) -> None:
    (path,) = official.write(tmp_path, "ccipra-v322r0-f1.TXT")
    chartproof("codebook", "import", path)
    left = rows(chartproof("codebook", "leftover", "ptp_practitioner-2026-07-01-f1", "--json"))
    assert {row["why"] for row in left} == {"heading"}
    assert "Column1/Column2" in chartproof("codebook", "leftover", "ptp_practitioner-2026-07-01-f1").out
    assert chartproof("codebook", "remove", "ptp_practitioner-2026-07-01-f1").code == 0
    assert chartproof("codebook", "remove", "ptp_practitioner-2026-07-01-f1").code == 2
    assert chartproof("codebook", "leftover", "nothing").code == 2


def test_a_code_list_that_contradicts_the_tabular_list_is_said(chartproof: Run, tmp_path: Path) -> None:
    (path,) = official.write(tmp_path, "icd10cm_order_2026.txt")
    refused = chartproof("codebook", "import", path, "--start", "2026-04-01", "--end", "2026-09-30")
    assert refused.code == 2
    assert "cut short or not of these dates: 74708 codes of icd10cm-2026-04-01 are missing, 15 are more" in refused.err
    assert chartproof("codebook", "import", path).code == 0
    later = tmp_path / "icd10cm-tabular-2026.xml"
    later.write_bytes(official.tabular())
    assert chartproof("codebook", "import", later).code == 0
    ran = chartproof("codebook", "status", "--json")
    (row,) = (row for row in rows(ran) if "differs_from" in row)
    assert (row["release"], row["differs_from"]) == ("icd10cm_codes-2025-10-01", "icd10cm-2025-10-01")
    assert "does not name the codes of icd10cm-2025-10-01" in ran.err


@pytest.mark.parametrize("option", ["--start", "--end"])
def test_a_date_that_is_none(option: str, chartproof: Run, tmp_path: Path) -> None:
    (path,) = official.write(tmp_path, "mce-fy2026.json")
    ran = chartproof("codebook", "import", path, option, "soon")
    assert (ran.code, ran.err) == (2, f"chartproof: {option}: not a date written YYYY-MM-DD\n")


def hands_in(*codes: str) -> ScriptedModel:
    evidence = [{"document": "note", "quote": "Type 2 diabetes"}]
    draft = {"codes": [{"code": code, "role": "secondary", "evidence": evidence} for code in codes]}
    return ScriptedModel(drafts=[Draft.model_validate(draft)])


def coded(chartproof: Run, tmp_path: Path, on: str) -> tuple[object, dict[str, str]]:
    """The releases a chart of a date is coded by, and the codes that are not valid in them, each with the rule that says so."""
    chart = {
        "encounter": {"patient_class": "outpatient", "service_date": on},
        "documents": [{"id": "note", "author_role": "physician", "text": "Assessment:\nType 2 diabetes.\n"}],
    }
    path = tmp_path / f"{on}.json"
    path.write_text(json.dumps({"id": on, "chart": chart}))
    ran = chartproof("code", path, "--json")
    (line,) = rows(ran)
    assert ran.code == 0, ran.err
    assert isinstance(line["provenance"], dict)
    findings = line["findings"]
    assert isinstance(findings, list)
    invalid = {code: one["rule_id"] for one in findings if one["rule_id"] in ("CM-001", "CM-003") for code in one["codes"]}
    return line["provenance"]["releases"], invalid


def test_the_date_of_a_chart_decides_which_release_it_is_coded_by(
    chartproof: Run, tmp_path: Path, with_model: Callable[[Model], None]
) -> None:
    older = official.tabular("2025", extra=official.diagnosis("A02", "Old thing"))
    newer = official.tabular("2026", extra=official.diagnosis("A03", "New thing"))
    for name, content in (("icd10cm-tabular-April-2025.xml", older), ("icd10cm-tabular-2026.xml", newer)):
        (tmp_path / name).write_bytes(content)
        assert chartproof("codebook", "import", tmp_path / name).code == 0
    with_model(hands_in("A02", "A03"))
    assert coded(chartproof, tmp_path, "2025-06-15") == (["icd10cm-2025-04-01"], {"A03": "CM-001"})
    assert coded(chartproof, tmp_path, "2025-12-01") == (["icd10cm-2025-10-01"], {"A02": "CM-001"})


def test_official_releases_of_two_years_and_codes_of_one_of_them(
    chartproof: Run, tmp_path: Path, with_model: Callable[[Model], None]
) -> None:
    path = SHARED / "icd10cm-tabular-April-2025.xml"
    if not path.exists():
        pytest.skip(f"the official Tabular List of April 2025 is not at {path.name} beside this project")
    assert chartproof("codebook", "import", path).code == 0
    with_model(hands_in("E11.9", "E11.A", "D71", "D71.1"))
    assert coded(chartproof, tmp_path, "2025-06-15") == (["icd10cm-2025-04-01"], {"E11.A": "CM-001", "D71.1": "CM-001"})
    assert coded(chartproof, tmp_path, "2026-06-15") == (["icd10cm-2026-04-01"], {"D71": "CM-003"})


def test_of_two_files_with_the_same_dates_the_operators_own_is_chosen(chartproof: Run, tmp_path: Path) -> None:
    (path,) = official.write(tmp_path, "icd10cm-tabular-April-1-2026.xml")
    chartproof("codebook", "import", path)
    assert len(shelf.held()) == 2
    assert shelf.choose(date(2026, 6, 15))[1].origin == "imported"


@pytest.mark.parametrize("setting", ["CHARTPROOF_CHROMA_URL", "CHARTPROOF_EMBEDDER_BASE_URL"])
def test_a_build_sends_nothing_where_no_chart_may_go(setting: str, chartproof: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTPROOF_EMBEDDER_MODEL", "m" if "EMBEDDER" in setting else "")
    monkeypatch.setenv(setting, "https://zebra.example")
    ran = chartproof("codebook", "build", "--vectors")
    assert ran.code == 2
    assert f"{setting} is not on this machine" in ran.err
    assert "zebra" not in ran.out + ran.err
