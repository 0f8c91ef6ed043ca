"""The log: what happened, in lines for machines, and no way for a chart's words into any of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace import TracerProvider

import agent.coding
from agent import spans
from agent.chain import Chain
from agent.coding import check_draft, code_chart
from agent.log import LogError, about, close_log, log_to, open_log, tell, timed
from agent.log_fields import EVENTS, EVERYWHERE, FIELDS
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from codebook.release import BookError
from guardrails.policy import load_policy
from guardrails.rules import RULES
from records.chart import Chart
from records.formats import Received
from service.coding import code_all
from tests.agent.scripted import DRAFT, Clock, Scripted, ScriptedModel, ScriptedServer, call, chart, completion, hands_in

POLICY = load_policy("straight_through")
MARKER = "zebrawort"
USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
TURN = completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls", usage=USAGE)
DONE, HANDS_IN = completion("done", usage=USAGE), hands_in(DRAFT, usage=USAGE)
MARKED = chart(f"HPI: {MARKER}.\nType 2 diabetes without complication. {MARKER}.\n", f"enc-{MARKER}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """A log that is listened to."""
    stream = io.StringIO()
    log_to(stream)
    yield stream
    close_log()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def model(*answers: Scripted, **settings: Any) -> OpenAIModel:
    clock = Clock()
    endpoint = Endpoint.model_validate({"base_url": "http://127.0.0.1:9/v1", "model": "m", **settings})
    return OpenAIModel(endpoint, ScriptedServer(*answers), clock, clock.sleep, lambda: 1.0)


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


# --- what is told -----------------------------------------------------------------------------------------------------------


def test_a_run_is_told_from_its_start_to_its_disposition(log: io.StringIO) -> None:
    result = code_chart("enc-1", chart(), model(httpx2.Response(503, headers={"retry-after": "7"}), TURN, DONE, HANDS_IN), POLICY)
    told = lines(log)
    assert result.provenance is not None
    assert {line["chart"] for line in told} == {result.provenance.chart_sha256}
    asked = {"model": "m", "endpoint": "http://127.0.0.1:9"}
    spent = {"prompt_tokens": 9, "cached_tokens": 4, "completion_tokens": 2}
    assert [without(line, "chart", "at") | ({"seconds": 0} if "seconds" in line else {}) for line in told] == [
        {"event": "chart_started", "model": "m", "documents": 1},
        {"event": "book_opened", "release": "icd10cm-2026-04-01", "in_force": True},
        {"event": "request_failed", "fault": "status", "status": 503, "seconds": 0, **asked},
        {"event": "request_retried", "attempt": 2, "wait": 7.0, **asked},
        {"event": "model_called", **spent, "finish_reason": "tool_calls", "seconds": 0, **asked},
        {"event": "tool_called", "tool": "read_chart", "ok": True, "answer_chars": told[5]["answer_chars"], "seconds": 0},
        {"event": "model_called", **spent, "finish_reason": "stop", "seconds": 0, **asked},
        {"event": "model_called", **spent, "seconds": 0, **asked},
        {"event": "chart_ended", "disposition": "final_coded", "codes": 1, "queries": 0, "blocks": 0, "reviews": 0,
         "notes": told[-1]["notes"], "prompt_tokens": 27, "cached_tokens": 12, "completion_tokens": 6, "turns": 2,
         "corrections": 0, "tool_calls": 1, "model_seconds": told[-1]["model_seconds"], "fallbacks": 0, "masked": False,
         "seconds": 0},
    ]  # fmt: skip


def everything(monkeypatch: pytest.MonkeyPatch, the_chart: Chart) -> None:
    """Every event there is, some of it through a server that answers with the chart's words."""
    text = the_chart.documents[0].text
    breaks = model(httpx2.ConnectError(text), breaker_failures=1, attempts=1)
    strange = completion(
        calls=[call(f"send_{MARKER}", {MARKER: text}), call("read_chart", text, "b")], finish=MARKER, usage=USAGE
    )
    slow = model(strange, httpx2.Response(429, text=text), TURN, DONE, HANDS_IN, requests_per_minute=3, model="slow")
    code_chart(f"enc-{MARKER}", the_chart, Chain([breaks, slow]), POLICY)
    failing = replace(RULES[0], check=lambda coded: 1 / len(()))  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(agent.coding, "UNSCORED", (failing,))
    code_chart(MARKER, the_chart, ScriptedModel(), POLICY)
    check_draft(the_chart, {"codes": [{"code": MARKER, MARKER: text}]}, POLICY)
    monkeypatch.setattr(agent.coding, "open_book", _no_book)
    code_chart(MARKER, the_chart, ScriptedModel(), POLICY)
    list(code_all([Received(id=MARKER, place=MARKER, error=text)], ScriptedModel(), POLICY))


def _no_book(_: date) -> None:
    raise BookError(MARKER)


def test_every_event_can_be_told_and_none_of_its_values_is_refused(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(monkeypatch, chart())
    assert {line["event"] for line in lines(log)} == set(EVENTS)
    assert [line for line in lines(log) if "left_out" in line] == []
    assert {name for line in lines(log) for name in line} >= set(FIELDS) - {"cost"}
    failed = {(line["rule"], line["error"]) for line in lines(log) if line["event"] == "rule_failed"}
    assert failed == {(RULES[0].id, "ZeroDivisionError")}
    assert [(line["model"], line["next_model"]) for line in lines(log) if line["event"] == "fallback_taken"] == [("m", "slow")]


def test_the_lines_of_charts_coded_at_once_are_told_apart(log: io.StringIO) -> None:
    charts = [chart(encounter_id=f"enc-{number}") for number in range(8)]
    received = [Received(id=one.encounter.id, place="here", chart=one) for one in charts]
    list(code_all(received, ScriptedModel(), POLICY, at_once=4))
    for one in charts:
        mine = [line["event"] for line in lines(log) if line["chart"] == one.sha256]
        assert (mine[0], mine[-1], mine.count("chart_ended")) == ("chart_started", "chart_ended", 1)


def test_a_line_names_the_span_it_was_told_in(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "_TRACER", TracerProvider().get_tracer("test"))
    code_chart("enc-1", chart(), model(TURN, DONE, HANDS_IN), POLICY)
    inside = [line for line in lines(log) if line["event"] in ("model_called", "tool_called")]
    assert len({line["trace_id"] for line in inside}) == 1
    assert len({line["span_id"] for line in inside}) == len(inside) == 4


# --- what cannot be told ----------------------------------------------------------------------------------------------------

WORDS: list[Any] = [
    MARKER, f"{MARKER} of the knee", MARKER.encode(), [MARKER], {MARKER: MARKER}, MARKED, MARKED.documents[0], ValueError(MARKER),
    float("nan"), date(2026, 6, 15), type(MARKER, (), {}),
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_takes_words_by_whatever_way_they_come(field: str, log: io.StringIO) -> None:
    event = next((name for name, fields in EVENTS.items() if field in fields), "chart_unread")
    for value in WORDS:
        tell(event, **{field: value})
        with about(**{field: value}):
            tell(event)
    assert [without(line, "at") for line in lines(log)] == [{"event": event, "left_out": 1}] * (2 * len(WORDS))
    assert MARKER not in log.getvalue()


def test_what_a_timed_event_adds_and_raises_is_held_to_the_same(log: io.StringIO) -> None:
    def told_wrongly() -> None:
        with timed("tool_called", tool=MARKER, text=MARKER) as line:
            line |= {"seconds": MARKER, "ok": MARKER, "answer_chars": 3}
            raise ValueError(MARKER)

    with pytest.raises(ValueError, match=MARKER):
        told_wrongly()
    (told,) = lines(log)
    assert without(told, "at", "seconds") == {"event": "tool_called", "answer_chars": 3, "error": "ValueError", "left_out": 3}
    assert told["seconds"] < 1


def test_what_is_not_listed_is_counted_and_not_told(log: io.StringIO) -> None:
    tell(MARKER, chart="a" * 64, text=MARKER, seconds=1.0)
    tell("chart_unread", **{MARKER: MARKER, "seconds": 1.0, "exc_info": True, "stack_info": True})
    assert [without(line, "at") for line in lines(log)] == [
        {"event": "unlisted", "chart": "a" * 64, "left_out": 2},
        {"event": "chart_unread", "left_out": 4},
    ]
    assert MARKER not in log.getvalue()


def test_a_chart_of_markers_goes_through_everything_and_no_marker_comes_out(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything(monkeypatch, MARKED)
    assert {line["event"] for line in lines(log)} == set(EVENTS)
    assert MARKER not in log.getvalue()
    assert "enc-" not in log.getvalue()
    assert "2026-06" not in log.getvalue(), "dates of the encounter are identifiers"


def test_every_field_has_a_form_and_an_event() -> None:
    listed = {field for fields in EVENTS.values() for field in fields} | set(EVERYWHERE)
    assert listed == set(FIELDS)


# --- where it goes ----------------------------------------------------------------------------------------------------------


def test_nothing_is_logged_unless_it_is_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    open_log({})
    code_chart("enc-1", chart(), ScriptedModel(), POLICY)
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_stderr_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    open_log({"CHARTPROOF_LOG": "stderr"})
    tell("chart_unread")
    close_log()
    shown = capsys.readouterr()
    assert (shown.out, json.loads(shown.err)["event"]) == ("", "chart_unread")


def test_a_file_is_its_owners_alone_and_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "chartproof.log"
    for _ in range(2):
        open_log({"CHARTPROOF_LOG": str(path)})
        tell("chart_unread")
        close_log()
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["chart_unread"] * 2
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["json", "1", "{folder}/missing/log", "{folder}"])
def test_a_place_that_is_none_is_one_line(place: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="CHARTPROOF_LOG") as refused:
        open_log({"CHARTPROOF_LOG": place.format(folder=tmp_path)})
    assert "\n" not in str(refused.value)


def test_a_log_that_cannot_be_written_is_told_once_and_costs_no_chart(capsys: pytest.CaptureFixture[str]) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, MARKER)

    log_to(Full())
    result = code_chart("enc-1", chart(), model(TURN, DONE, HANDS_IN), POLICY)
    assert result.disposition == "final_coded"
    assert capsys.readouterr().err == "chartproof: the log cannot be written (OSError); nothing more is logged\n"
