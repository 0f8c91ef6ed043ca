"""A run over a gold set: every chart has a result, and what is done is not done again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.coding import Options
from agent.models import ModelError
from evals import run as running
from evals.bench import EXAMPLES
from evals.gold import Gold, GoldChart, read_gold
from evals.results import ResultsError, outcomes
from evals.run import Setting
from guardrails.policy import PolicyError
from records.chart import Chart
from records.result import CodingResult
from tests.evals.made import chart, result

FILE = "results.jsonl"
NOTHING = Gold(codes=())


def gold_charts(*ids: str, text: str = "Cough.") -> list[GoldChart]:
    return [GoldChart(chart_id, NOTHING, chart(text)) for chart_id in ids]


def run(gold_charts: Iterable[GoldChart], setting: Setting, jobs: int = 1, out: Path | None = None) -> dict[str, CodingResult]:
    found = {case.gold_chart.id: case.result for case in running.run(gold_charts, setting, jobs, out)}
    return {name: one for name, one in found.items() if one is not None}


@pytest.fixture
def coded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the charts that were coded, in order. Chart "bad" fails."""
    ids: list[str] = []

    def code(chart_id: str, _chart: Chart, *_: object) -> CodingResult:
        ids.append(chart_id)
        return result(error="model: stopped" if chart_id == "bad" else None).model_copy(update={"id": chart_id})

    monkeypatch.setattr(running, "code_chart", code)
    return ids


def test_a_second_run_codes_only_what_is_not_done(tmp_path: Path, coded: list[str]) -> None:
    file = tmp_path / FILE
    run(gold_charts("a", "bad"), Setting(), out=file)
    found = run(gold_charts("a", "bad", "b"), Setting(), out=file)
    assert coded == ["a", "bad", "bad", "b"]  # a chart that failed is tried again
    assert list(found) == ["a", "bad", "b"]


def test_a_result_of_another_chart_model_policy_or_program_is_not_taken(
    tmp_path: Path, coded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / FILE
    run(gold_charts("a"), Setting(), out=file)
    run(gold_charts("a", text="Other words."), Setting(), out=file)
    run(gold_charts("a"), Setting(policy="straight_through"), out=file)
    monkeypatch.setattr(running, "_own_files", lambda: "changed")
    run(gold_charts("a"), Setting(), out=file)
    assert coded == ["a"] * 4


def test_a_line_cut_off_by_a_stop_is_coded_again(tmp_path: Path, coded: list[str]) -> None:
    file = tmp_path / FILE
    run(gold_charts("a", "b"), Setting(), out=file)
    file.write_bytes(file.read_bytes()[:-20])
    run(gold_charts("a", "b"), Setting(), out=file)
    run(gold_charts("a", "b"), Setting(), out=file)
    assert coded == ["a", "b", "b"]


def test_what_is_finished_is_written_when_a_run_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(chart_id: str, *_: object) -> CodingResult:
        if chart_id == "b":
            raise KeyboardInterrupt
        return result().model_copy(update={"id": chart_id})

    monkeypatch.setattr(running, "code_chart", code)
    file = tmp_path / FILE
    with pytest.raises(KeyboardInterrupt):
        run(gold_charts("a", "b"), Setting(), out=file)
    assert [json.loads(line)["result"]["id"] for line in file.read_text(encoding="utf-8").splitlines()] == ["a"]


@pytest.mark.usefixtures("coded")
def test_only_the_owner_may_read_the_results(tmp_path: Path) -> None:
    run(gold_charts("a"), Setting(), out=tmp_path / FILE)
    assert os.stat(tmp_path / FILE).st_mode & 0o077 == 0


def test_a_chart_that_cannot_be_read_is_a_failed_result(coded: list[str]) -> None:
    found = run([GoldChart("a", NOTHING, None, error="the chart has no documents")], Setting())
    assert found["a"].error == "the chart has no documents"
    assert coded == []


@pytest.mark.usefixtures("coded")
def test_a_setting_that_cannot_be_opened_stops_before_the_first_chart(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'nobody': not one of"):
        run(gold_charts("a"), Setting(model="nobody"))
    with pytest.raises(PolicyError):
        run(gold_charts("a"), Setting(policy="nothing"))
    with pytest.raises(ResultsError, match="cannot be"):
        run(gold_charts("a"), Setting(), out=tmp_path)


def test_processes_find_what_one_process_finds_and_log_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two, log = read_gold(EXAMPLES)[:2], tmp_path / "log"
    alone = run(two, Setting())
    monkeypatch.setenv("CHARTPROOF_LOG", str(log))
    together = run(two, Setting(), jobs=2)
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["chart"] for line in told if line["event"] == "chart_ended"} == {one.chart.sha256 for one in two if one.chart}
    assert {one: alone[one].codes for one in alone} == {one: together[one].codes for one in together}
    assert all(found.codes for found in alone.values())


def test_a_chart_whose_gold_codes_everything_reaches_the_model_so_and_is_another_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def code(chart_id: str, _chart: Chart, _model: object, _policy: object, options: Options) -> CodingResult:
        asked.append(options.code_everything)
        return result().model_copy(update={"id": chart_id})

    monkeypatch.setattr(running, "code_chart", code)
    file = tmp_path / FILE
    run(gold_charts("a"), Setting(), out=file)
    run([GoldChart("a", Gold(codes=(), code_everything=True), chart("Cough."))], Setting(), out=file)
    run(gold_charts("a"), Setting(code_everything=True), out=file)
    assert asked == [False, True]


def test_the_outcome_of_a_chart_follows_its_gold(tmp_path: Path) -> None:
    file = tmp_path / FILE
    one = read_gold(EXAMPLES)[0]
    run([one], Setting(), out=file)
    before = outcomes(file)[one.id]
    run([replace(one, gold=NOTHING)], Setting(), out=file)
    after = outcomes(file)[one.id]
    assert before.correct
    assert (after.correct, set(after.extra)) == ((), {*before.correct, *before.extra, *before.neutral})
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
