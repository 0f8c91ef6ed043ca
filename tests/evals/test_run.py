"""A run over a gold set: every chart has a result, and what is done is not done again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from agent.models import ModelError
from evals import run as running
from evals.bench import EXAMPLES
from evals.gold import Gold, GoldChart, read_gold
from evals.measure import main
from evals.run import RunError, Setting, run
from guardrails.policy import PolicyError
from records.chart import Chart
from records.result import CodingResult
from tests.evals.made import chart, result

NOTHING = Gold(codes=())


def gold_charts(*ids: str, text: str = "Cough.") -> list[GoldChart]:
    return [GoldChart(chart_id, NOTHING, chart(text)) for chart_id in ids]


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
    file = tmp_path / "results.jsonl"
    told: list[str] = []
    run(gold_charts("a", "bad"), Setting(), results=file)
    found = run(gold_charts("a", "bad", "b"), Setting(), results=file, told=lambda one: told.append(one.id))
    assert coded == ["a", "bad", "bad", "b"]  # a chart that failed is tried again
    assert sorted(found) == sorted(told) == ["a", "b", "bad"]


def test_a_result_of_another_chart_model_policy_or_program_is_not_taken(
    tmp_path: Path, coded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "results.jsonl"
    run(gold_charts("a"), Setting(), results=file)
    run(gold_charts("a", text="Other words."), Setting(), results=file)
    run(gold_charts("a"), Setting(policy="straight_through"), results=file)
    monkeypatch.setattr(running, "_own_files", lambda: "changed")
    run(gold_charts("a"), Setting(), results=file)
    assert coded == ["a"] * 4


def test_a_line_cut_off_by_a_stop_is_coded_again(tmp_path: Path, coded: list[str]) -> None:
    file = tmp_path / "results.jsonl"
    run(gold_charts("a", "b"), Setting(), results=file)
    file.write_bytes(file.read_bytes()[:-20])
    run(gold_charts("a", "b"), Setting(), results=file)
    run(gold_charts("a", "b"), Setting(), results=file)
    assert coded == ["a", "b", "b"]


def test_what_is_finished_is_written_when_a_run_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(chart_id: str, *_: object) -> CodingResult:
        if chart_id == "b":
            raise KeyboardInterrupt
        return result().model_copy(update={"id": chart_id})

    monkeypatch.setattr(running, "code_chart", code)
    file = tmp_path / "results.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(gold_charts("a", "b"), Setting(), results=file)
    assert [json.loads(line)["result"]["id"] for line in file.read_text(encoding="utf-8").splitlines()] == ["a"]


@pytest.mark.usefixtures("coded")
def test_only_the_owner_may_read_the_results(tmp_path: Path) -> None:
    run(gold_charts("a"), Setting(), results=tmp_path / "results.jsonl")
    assert os.stat(tmp_path / "results.jsonl").st_mode & 0o077 == 0


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
    with pytest.raises(RunError, match="cannot be"):
        run(gold_charts("a"), Setting(), results=tmp_path)


def test_processes_find_what_one_process_finds() -> None:
    two = read_gold(EXAMPLES)[:2]
    alone, together = run(two, Setting()), run(two, Setting(), jobs=2)
    assert {one: alone[one].codes for one in alone} == {one: together[one].codes for one in together}
    assert all(found.codes for found in alone.values())


def test_the_command_prints_the_report_and_its_exit_code_tells(
    tmp_path: Path, coded: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "set.jsonl"
    line = {"chart": chart().model_dump(mode="json"), "gold": {"codes": []}}
    file.write_text("".join(json.dumps({"id": name, **line}) + "\n" for name in ("a", "bad")), encoding="utf-8")
    assert main([str(file), "--json", "--draws", "5"]) == 1
    assert json.loads(capsys.readouterr().out)["failed"] == 1
    assert main([str(file), "--limit", "1", "--draws", "5"]) == 0
    assert capsys.readouterr().out.startswith("charts ")
    assert coded == ["a", "bad", "a"]


def test_a_set_that_cannot_be_used_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
