"""The tools that read the books: what they answer with a table, and without one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codebook.book import open_book
from codebook.importing import import_files
from codebook.payer import FILE
from records.chart import Chart, Document
from records.encounter import Encounter
from tests.codebook import official
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


def test_a_long_section_is_cut_and_says_so(home: Path, tmp_path: Path) -> None:
    long = tmp_path / "fy2026-guidelines.txt"
    long.write_bytes(official.guidelines().replace(b"Locate it.", b"Locate it. " * 400))
    import_files([long], (None, None), ON)
    text = ask("lookup_guideline", section="I.B.1")["sections"][0]["text"]
    assert len(text) < 2600
    assert text.endswith("[cut]")


def test_a_code_is_shown_with_its_notes_sections_and_what_is_not_held(home: Path) -> None:
    shown = ask("read_code", code="e11.9")
    assert (shown["code"], shown["billable"], shown["release"]) == ("E11.9", True, "icd10cm-2026-04-01")
    assert shown["path"][-1].startswith("E11 ")
    assert any(text.startswith("[E11]") for text in shown["use_additional_code"])
    assert "I.C.4.a.2" in shown["guidelines"]
    assert shown["cc_mcc_hcc"] == "not held"
    assert ask("read_code", code="S52.501")["seventh_characters"]["A"]
    assert len(ask("read_code", code="S52.501A")["siblings"]) > 5
