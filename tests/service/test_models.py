"""``code --trace``, ``doctor`` and ``replay`` from the command line."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from service.model_server import MODEL, application
from tests.service.conftest import Ran

Run = Callable[..., Ran]
TEXT = "Assessment:\nType 2 diabetes without complication.\n"


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    document = {"id": "note", "author_role": "physician", "text": TEXT}
    encounter = {"patient_class": "outpatient", "service_date": "2026-06-15"}
    path.write_text(json.dumps({"id": "enc-1", "chart": {"encounter": encounter, "documents": [document]}}))
    return path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The offline model served, and the environment that leads to it."""
    server = uvicorn.Server(uvicorn.Config(application(), port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    monkeypatch.setenv("CHARTPROOF_BASE_URL", f"http://127.0.0.1:{port}/v1")
    monkeypatch.setenv("CHARTPROOF_MODEL", MODEL)
    yield
    server.should_exit = True
    thread.join(5)


def test_the_conversation_is_shown_before_the_result(chartproof: Run, chart: Path) -> None:
    ran = chartproof("code", chart, "--trace")
    assert ran.code == 0
    assert ran.out.startswith("== offline/1\nsystem: You code one clinical encounter")
    assert "assistant calls read_chart({})" in ran.out
    assert "assistant hands in 1 code(s):" in ran.out
    assert "E11.9 first_listed  note:2" in ran.out
    assert ran.out.index("assistant hands in") < ran.out.index("coder_review")
    assert ran.err == ""
    assert chartproof("code", chart, "--trace", "--json").code == 2


@pytest.mark.usefixtures("served")
def test_the_doctor_finds_what_it_needs_in_the_served_model(chartproof: Run) -> None:
    ran = chartproof("doctor")
    assert ran.code == 0, ran.out + ran.err
    assert "ok       calls tools" in ran.out
    assert "ok       hands in the form: 1 code(s)" in ran.out
    states = {one["name"]: one["state"] for one in map(json.loads, chartproof("doctor", "--json").out.splitlines())}
    assert "missing" not in states.values()


def test_the_doctor_says_what_is_wrong(chartproof: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chartproof("doctor", "--model", "offline").code == 2
    assert chartproof("doctor").code == 2
    monkeypatch.setenv("CHARTPROOF_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("CHARTPROOF_MODEL", "m")
    ran = chartproof("doctor")
    assert (ran.code, ran.out) == (1, "missing  answers: the endpoint cannot be reached\n")


def test_results_are_run_again_from_their_records(chartproof: Run, chart: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    results.write_text(chartproof("code", chart, "--json").out)
    ran = chartproof("replay", chart, "--results", results)
    assert ran.code == 0, ran.out + ran.err
    assert ran.out.startswith("enc-1: the same, ")
    changed = chart.read_text().replace("Type 2", "Type 1")
    chart.write_text(changed)
    ran = chartproof("replay", chart, "--results", results)
    assert (ran.code, "   the chart is not the one that was coded" in ran.out) == (1, True)
    results.write_text('{"id": 3}\n')
    ran = chartproof("replay", chart, "--results", results)
    assert (ran.code, "line 1: not a result" in ran.err) == (1, True)
    assert chartproof("replay", chart, "--results", tmp_path / "none").code == 2
