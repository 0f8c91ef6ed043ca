"""The tools that read the books: what they answer with a table, and without one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codebook.book import CodeBook, open_book
from codebook.importing import import_files
from codebook.payer import FILE
from records.chart import Chart, Document
from records.encounter import Encounter
from tests.codebook import cms_files, official
from tests.codebook.test_payer import RULES
from tools import TOOLS, Desk, ToolError

ON = date(2026, 6, 15)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def ask(tool: str, payer: str | None = "Medicare", **arguments: object) -> dict[str, Any]:
    encounter = Encounter(id="e", patient_class="outpatient", service_date=ON, payer=payer)
    desk = Desk(Chart(encounter=encounter, documents=(Document(id="note", text="Text."),)), open_book(ON))
    answer = json.loads(TOOLS[tool].call(desk, json.dumps(arguments)))
    assert isinstance(answer, dict)
    return answer


def test_no_payer_rules_are_not_held(home: Path) -> None:
    assert ask("check_payer", code="e119") == {"code": "E11.9", "payer": "Medicare", "answer": "not held", "rules": []}
    (home / FILE).write_text(RULES)
    assert ask("check_payer", payer=None, code="E11.9")["answer"] == "not held"
    assert ask("check_payer", payer="Another", code="E11.9")["answer"] == "not held"


def test_a_rule_comes_with_its_source_dates_and_version(home: Path) -> None:
    (home / FILE).write_text(RULES)
    answer = ask("check_payer", code="E11.9")
    assert (answer["answer"], answer["version"]) == ("rules", "7")
    (rule,) = answer["rules"]
    assert (rule["rule"], rule["source"], rule["start"], rule["end"]) == ("N-1", "a source", "2026-01-01", "2026-06-30")
    assert rule["this_code"] == "a diagnosis that the rule does not cover"
    assert ask("check_payer", code="82947")["rules"][0]["this_code"] == "the rule is about this procedure"
    assert (ask("check_payer", code="I10")["answer"], ask("check_payer", code="I10")["rules"]) == ("no rule", [])


def test_rules_that_cannot_be_read_are_not_held_and_say_why(home: Path) -> None:
    (home / FILE).write_text("version = ")
    answer = ask("check_payer", code="E11.9")
    assert answer["answer"] == "not held"
    assert "not TOML" in answer["reason"]


def test_what_is_no_code_goes_back_to_the_model(home: Path) -> None:
    with pytest.raises(ToolError, match="not a code"):
        ask("check_payer", code="a; drop b")


def test_guidelines_say_whose_words_they_are(home: Path, tmp_path: Path) -> None:
    own = ask("lookup_guideline", section="I.B.1")["sections"][0]
    assert own["official_text"] is False
    import_files(official.write(tmp_path, "fy2026-guidelines.txt"), (None, None), ON)
    text = ask("lookup_guideline", section="I.B.1")["sections"][0]
    assert (text["official_text"], text["text"], text["page"]) == (True, "Locate it.", 2)
    assert ask("lookup_guideline", section="IX")["held"] is False


@pytest.mark.usefixtures("home")
def test_what_is_not_shown_of_the_guidelines_is_named() -> None:
    below = ask("lookup_guideline", section="I.C.4.a")
    assert len(below["sections"]) == 6
    assert "I.C.4.a.6" in below["more_sections"]
    assert "more_sections" not in ask("lookup_guideline", section="I.C.4.a.6.b")
    assert {"I.C.15.i", "I.C.15.b.3", "Appendix I.obstetric"} <= set(ask("read_code", code="O24.410")["guidelines"])


def test_a_long_section_is_cut_and_says_so(home: Path, tmp_path: Path) -> None:
    long = tmp_path / "fy2026-guidelines.txt"
    long.write_bytes(official.guidelines().replace(b"Locate it.", b"Locate it. " * 400))
    import_files([long], (None, None), ON)
    text = ask("lookup_guideline", section="I.B.1")["sections"][0]["text"]
    assert len(text) < 2600
    assert text.endswith("[cut]")


def test_payment_marks_are_those_of_the_lists_that_are_held(home: Path, tmp_path: Path) -> None:
    import_files(official.write(tmp_path, "2027 Initial ICD-10-CM Mappings.csv"), (None, None), ON)
    shown = ask("read_code", code="E11.65")["cc_mcc_hcc"]
    assert shown["cc_mcc"] == "not held"
    assert shown["hcc"]["categories"] == ["CMS-HCC ESRD V24: 18", "CMS-HCC V28: 37", "RxHCC V08: 30"]
    assert (shown["hcc"]["release"], shown["hcc"]["in_force"]) == ("hcc-2026-01-01-initial", True)
    assert ask("read_code", code="I10")["cc_mcc_hcc"]["hcc"]["categories"] == []
    assert "CMS-HCC V28: 6 (not paid)" in ask("read_code", code="B37.7")["cc_mcc_hcc"]["hcc"]["categories"]
    lists = [name for name in official.FILES if "Table 6" in name]
    import_files(official.write(tmp_path, *lists), (None, None), ON)
    assert ask("read_code", code="J96.01")["cc_mcc_hcc"]["cc_mcc"]["mark"] == "MCC"
    assert ask("read_code", code="I10")["cc_mcc_hcc"]["cc_mcc"]["mark"] == "neither"


def test_an_article_comes_with_its_version_and_never_with_all_its_codes(home: Path, tmp_path: Path) -> None:
    (home / FILE).write_text('version = "9"\n[[coverage]]\npayers = ["Medicare"]\ncontractors = ["04412"]\n')
    assert ask("check_payer", code="82947")["lacking"] == "the coverage export is not held"
    tables = cms_files.coverage_tables()
    services = [("100", "7", f"{number:05}", "1", "", "") for number in range(10_000, 10_050)]
    tables["article_x_hcpc_code.csv"] += services
    export = tmp_path / "current_article.zip"
    export.write_bytes(cms_files.coverage(tables))
    import_files([export], (None, None), date(2026, 8, 1))
    answer = ask("check_payer", code="E1165")
    assert (answer["answer"], answer["version"], answer["coverage"]) == ("rules", "9", "coverage-2026-07-14")
    (rule,) = answer["rules"]
    assert rule["source"].startswith("CMS Medicare Coverage Database, article A100 version 7")
    assert (len(rule["procedures"]), rule["procedures"][-1]) == (41, "and 12 more")
    assert (ask("check_payer", code="S52501A")["answer"], ask("check_payer", code="82947")["answer"]) == ("not held", "rules")


def test_a_code_is_shown_with_its_notes_sections_and_what_is_not_held(home: Path) -> None:
    shown = ask("read_code", code="e11.9")
    assert (shown["code"], shown["billable"], shown["release"]) == ("E11.9", True, "icd10cm-2026-04-01")
    assert shown["path"][-1].startswith("E11 ")
    assert any(text.startswith("[E11]") for text in shown["use_additional_code"])
    assert "I.C.4.a.2" in shown["guidelines"]
    assert shown["cc_mcc_hcc"] == "not held"
    assert ask("read_code", code="S52.501")["seventh_characters"]["A"]
    assert len(ask("read_code", code="S52.501A")["siblings"]) > 5


def test_an_index_of_another_year_is_named_where_it_helped_and_only_there(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm-index-April-2025.xml"
    terms = "<mainTerm><title>Amber dawn blight</title><code>L98.9</code></mainTerm>"
    path.write_bytes(official.index(version="2025", terms=terms))
    import_files([path], (None, None), ON)
    book = CodeBook.on(ON)
    for text, helped in (("Amber dawn blight.", True), ("Heart failure.", False)):
        encounter = Encounter(id="e", patient_class="outpatient", service_date=ON)
        desk = Desk(Chart(encounter=encounter, documents=(Document(id="note", text=text),)), book)
        for tool in ("find_mentions", "list_conditions"):
            answer = json.loads(TOOLS[tool].call(desk, "{}"))
            assert ("icd10cm_index-2025-04-01" in answer.get("notice", "")) is helped
