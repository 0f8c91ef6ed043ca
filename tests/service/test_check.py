"""``chartproof check``: the guardrails on codes that somebody else assigned, and no way past them by a bad form."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.coding import check_draft
from guardrails.policy import load_policy
from records.chart import Chart
from records.finding import Disposition
from tests.service.conftest import Ran

Run = Callable[..., Ran]
TEXT = "ASSESSMENT AND PLAN\n1. Essential hypertension, at goal. Continue lisinopril.\n2. No pneumonia.\n"
CHART: dict[str, Any] = {
    "encounter": {"patient_class": "outpatient", "service_date": "2026-06-15", "birth_date": "1967-01-15", "sex": "female"},
    "documents": [{"id": "note", "kind": "office_visit_note", "author_role": "physician", "text": TEXT}],
}
GOOD = {
    "system": "icd10cm",
    "code": "I10",
    "role": "first_listed",
    "evidence": [{"document": "note", "quote": "Essential hypertension"}],
}
NEGATED = {"code": "J18.9", "evidence": [{"document": "note", "quote": "pneumonia"}]}
INVENTED = {"code": "I10.999", "evidence": [{"document": "note", "quote": "hypertension"}]}


def row(name: str, draft: Any) -> str:
    return json.dumps({"id": name, "chart": CHART, "draft": draft})


def batch(chartproof: Run, folder: Path, lines: list[str], *options: str) -> tuple[Ran, list[dict[str, Any]]]:
    path = folder / "batch.jsonl"
    path.write_text("\n".join(lines))
    ran = chartproof("check", path, "--json", *options)
    return ran, [json.loads(line) for line in ran.out.splitlines()]


def test_a_batch_is_answered_a_line_each_in_order_with_the_documented_keys(chartproof: Run, tmp_path: Path) -> None:
    drafts = {"good": [GOOD], "negated": [GOOD, NEGATED], "invented": [INVENTED]}
    ran, answers = batch(chartproof, tmp_path, [row(name, {"codes": codes}) for name, codes in drafts.items()])
    assert (ran.code, ran.err) == (0, "")
    assert [answer["id"] for answer in answers] == list(drafts)
    assert all(list(answer) == ["id", "disposition", "findings"] for answer in answers)
    findings = [finding for answer in answers for finding in answer["findings"]]
    assert all(list(finding) == ["rule_id", "severity", "codes", "message"] for finding in findings)
    negated = [finding for finding in answers[1]["findings"] if finding["rule_id"] == "EV-003"]
    assert [finding["codes"] for finding in negated] == [["J18.9"]]
    assert any("I10.999" in finding["codes"] and finding["severity"] == "block" for finding in answers[2]["findings"])
    assert answers[2]["disposition"] == "held"


def test_a_draft_that_says_what_it_was_made_with_is_held_to_it(chartproof: Run, tmp_path: Path) -> None:
    chart = Chart.model_validate(CHART)
    origins: dict[str, Any] = {
        "same": {"chart_sha256": chart.sha256, "releases": ["icd10cm-2026-04-01"]},
        "other-chart": {"chart_sha256": "0" * 64},
        "other-release": {"releases": ["icd10cm-2025-04-01"]},
        "unreleased-prompt": {"prompt_sha256": "0" * 64},
    }
    lines = [row(name, {"codes": [GOOD], "made_with": origin}) for name, origin in origins.items()]
    _, answers = batch(chartproof, tmp_path, lines, "--policy", "straight_through")
    found = {one["id"]: (one["disposition"], [finding["rule_id"] for finding in one["findings"]]) for one in answers}
    assert found == {
        "same": ("final_coded", []),
        "other-chart": ("held", ["RN-007"]),
        "other-release": ("coder_review", ["RN-006"]),
        "unreleased-prompt": ("coder_review", ["RN-006"]),
    }


def test_a_clean_chart_is_final_under_straight_through_and_not_under_the_default(chartproof: Run, tmp_path: Path) -> None:
    line = row("good", {"codes": [GOOD]})
    assert batch(chartproof, tmp_path, [line])[1][0]["disposition"] == "coder_review"
    assert batch(chartproof, tmp_path, [line], "--policy", "straight_through")[1][0]["disposition"] == "final_coded"


BROKEN = {
    "torn": '{"id": "torn", "chart"',
    "no chart": json.dumps({"id": "x", "draft": {"codes": []}}),
    "no draft": json.dumps({"id": "x", "chart": CHART}),
    "a draft that is a list": row("x", [GOOD]),
    "codes that are no list": row("x", {"codes": GOOD}),
    "a code that is a number": row("x", {"codes": [GOOD, 7]}),
    "evidence that is text": row("x", {"codes": [GOOD | {"evidence": "hypertension"}]}),
    "an unknown system": row("x", {"codes": [GOOD | {"system": "snomed"}]}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_held_and_told_and_the_next_is_checked(chartproof: Run, tmp_path: Path, name: str) -> None:
    ran, answers = batch(chartproof, tmp_path, [BROKEN[name], row("after", {"codes": [GOOD]})], "--policy", "straight_through")
    assert ran.code == 1
    assert [answer["disposition"] for answer in answers] == ["held", "final_coded"]
    assert answers[0]["error"]
    assert len(ran.err.splitlines()) == 1
    assert "line 1" in ran.err


def test_one_chart_and_one_file_of_codes(chartproof: Run, tmp_path: Path) -> None:
    (tmp_path / "chart.json").write_text(json.dumps(CHART))
    (tmp_path / "codes.json").write_text(json.dumps({"codes": [GOOD, NEGATED]}))
    ran = chartproof("check", tmp_path / "chart.json", tmp_path / "codes.json")
    assert ran.code == 0
    assert "EV-003" in ran.out
    assert "2. No »pneumonia«." in ran.out


@pytest.mark.parametrize("arguments", [["gone.jsonl"], ["chart.json", "gone.json"], ["chart.json", "torn.json"], ["empty.jsonl"]])
def test_files_that_cannot_be_read_are_an_input_error(chartproof: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "chart.json").write_text(json.dumps(CHART))
    (tmp_path / "torn.json").write_text("{")
    (tmp_path / "empty.jsonl").write_text("\n")
    ran = chartproof("check", *(tmp_path / name for name in arguments), "--json")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert arguments[-1] in ran.err


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        name: st.just(value) | JSON
        for name, value in {**GOOD, "sequence": 1, "poa": "Y", "modifiers": [], "units": 1, "rationale": "", "extra": 1}.items()
    },
)
CODES = st.lists(ENTRY | JSON, max_size=4) | JSON
DRAFT = JSON | st.fixed_dictionaries({"codes": CODES}, optional={"considered": JSON, "more": JSON})
_chart = Chart.model_validate(CHART)
_straight_through = load_policy("straight_through")


@settings(deadline=None, max_examples=150)
@given(DRAFT)
def test_no_draft_raises_and_nothing_malformed_is_final(draft: Any) -> None:
    checked = check_draft(_chart, draft, _straight_through)
    assert "internal error" not in checked.error
    if checked.error:
        assert checked.disposition is Disposition.HELD
        assert any(finding.rule_id == "RN-004" and finding.severity == "block" for finding in checked.findings)
    if checked.disposition is Disposition.FINAL_CODED:
        assert isinstance(draft, dict)
        assert all(isinstance(entry, dict) and entry["code"] == "I10" for entry in draft["codes"])
