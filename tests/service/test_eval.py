"""``chartproof eval``: the report, the floors of a suite, and exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.conftest import Ran

CHART = {
    "encounter": {"patient_class": "outpatient", "service_date": "2026-06-15"},
    "documents": [{"id": "note", "kind": "office_visit_note", "author_role": "physician", "text": "Assessment: Asthma.\n"}],
}
UNREADABLE = {"encounter": {}, "documents": []}


@pytest.fixture
def gold(tmp_path: Path) -> Callable[..., Path]:
    """A gold file with these charts, each to be coded to J45.909."""

    def write(*charts: Any) -> Path:
        right = {"codes": [{"any_of": ["J45.909"], "tier": "must"}]}
        lines = [json.dumps({"id": f"c{number}", "chart": one, "gold": right}) for number, one in enumerate(charts)]
        (tmp_path / "set.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return tmp_path / "set.jsonl"

    return write


@pytest.fixture
def suite(gold: Callable[..., Path]) -> Callable[[str], Path]:
    """A suite of one chart, with these lines more."""

    def write(more: str) -> Path:
        path = gold(CHART).with_name("suite.toml")
        path.write_text(f'charts = ["set.jsonl"]\n{more}', encoding="utf-8")
        return path

    return write


def test_a_gold_file_is_scored(chartproof: Callable[..., Ran], gold: Callable[..., Path]) -> None:
    ran = chartproof("eval", gold(CHART), "--json", "--draws", 5)
    report = json.loads(ran.out)
    assert (ran.code, report["codes"]["f1"]) == (0, 1.0)
    assert chartproof("eval", "run", gold(CHART), "--draws", 5).out.startswith("charts ")


def test_a_chart_that_cannot_be_read_counts_as_missed(chartproof: Callable[..., Ran], gold: Callable[..., Path]) -> None:
    ran = chartproof("eval", gold(CHART, UNREADABLE), "--json", "--draws", 5)
    report = json.loads(ran.out)
    assert (ran.code, report["failed"], report["codes"]["recall"]) == (1, 1, 0.5)
    assert chartproof("eval", gold(CHART, UNREADABLE), "--limit", 1, "--draws", 5).code == 0


def test_floors_and_ceilings_make_the_command_fail(chartproof: Callable[..., Ran], suite: Callable[[str], Path]) -> None:
    kept = '[floors]\n"codes.f1" = 1.0\n[ceilings]\novercoding = 0.0\n'
    assert chartproof("eval", suite(kept), "--draws", 5).code == 0
    missed = '[floors]\n"codes.f1" = 1.01\nprincipal = 0.5\n[ceilings]\n"codes.recall" = 0.5\n'
    ran = chartproof("eval", suite(missed), "--draws", 5)
    assert ran.code == 1
    assert [line for line in ran.err.splitlines() if "floor" in line or "ceiling" in line] == [
        "chartproof: floor codes.f1: 1 is below 1.01",
        "chartproof: floor principal: could not be scored (0.5 is asked for)",
        "chartproof: ceiling codes.recall: 1 is above 0.5",
    ]


def test_a_suite_says_policy_prompt_and_scorers(chartproof: Callable[..., Ran], suite: Callable[[str], Path]) -> None:
    ran = chartproof(
        "eval", suite('policy = "straight_through"\nprompt = "coder/v1"\nscorers = ["routing"]\n'), "--json", "--draws", 5
    )
    assert set(json.loads(ran.out)) == {"routing", "intervals"}
    assert json.loads(ran.out)["routing"]["final_coded_charts"] == 1
    assert json.loads(chartproof("eval", suite(""), "--json", "--draws", 5).out)["routing"]["final_coded_charts"] == 0


@pytest.mark.parametrize(
    "more",
    [
        'model = "nobody"',
        'policy = "nothing"',
        'scorers = ["mine"]',
        "unknown = 1",
        "]",
        'prompt = "coder/9"',
        "[floors]\na = 'b'",
    ],
)
def test_what_cannot_be_run_is_one_line_and_exit_code_2(
    chartproof: Callable[..., Ran], suite: Callable[[str], Path], more: str
) -> None:
    ran = chartproof("eval", suite(more), "--draws", 5)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_facts_of_the_encounter_may_be_said_outside(chartproof: Callable[..., Ran], gold: Callable[..., Path]) -> None:
    bare = {"encounter": {"service_date": "2026-06-15"}, "documents": CHART["documents"]}
    assert chartproof("eval", gold(bare), "--draws", 5).code == 1
    assert chartproof("eval", gold(bare), "--fact", "patient_class=outpatient", "--draws", 5).code == 0
    assert chartproof("eval", gold(bare), "--fact", "patient_class", "--draws", 5).code == 2
