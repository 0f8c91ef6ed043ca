"""PHI: a chart of marker words goes through every way a model can fail, and no marker comes out anywhere.

Every logger is at its loudest and has listeners at the root and at itself; exceptions, standard error and standard output,
the records of the run and its result's provenance are all searched.
"""

from __future__ import annotations

import io
import json
import logging
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import httpx2
import instructor
import openai
import pytest

from agent.log import close_log, log_to
from agent.loop import Coded, run
from agent.model import ModelFailure
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from agent.models.openai.silence import TALKATIVE, silence
from records.code import Draft
from tests.agent.scripted import Clock, Scripted, ScriptedServer, book, call, chart, completion, hands_in, no_check

MARKER = "zebrawort"
TEXT = f"Assessment:\n{MARKER} of the left knee. Patient {MARKER}.\n"
ECHO = {"error": {"message": f"context too long near '{MARKER}'", "code": MARKER, "param": TEXT}}
TURN = completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls")
DONE = completion("done")
BAD_FORM = hands_in(json.dumps({"codes": [{"code": MARKER, "role": MARKER, MARKER: TEXT, "evidence": MARKER}]}))
WRONG_QUOTE = hands_in(json.dumps({"codes": [{"code": "E11.9", "evidence": [{"document": MARKER, "quote": TEXT, "line": 1}]}]}))

WAYS: dict[str, list[Scripted]] = {
    "refused key": [TURN, httpx2.Response(401, json=ECHO)],
    "bad request": [TURN, httpx2.Response(400, json=ECHO, headers={"x-request-id": MARKER})],
    "rate limit": [TURN, httpx2.Response(429, json=ECHO, headers={"retry-after": MARKER})],
    "server error": [TURN, httpx2.Response(500, text=TEXT)],
    "redirect": [TURN, httpx2.Response(307, headers={"location": f"http://127.0.0.1:9/{MARKER}"})],
    "garbage": [TURN, TEXT.encode()],
    "error in a good answer": [TURN, ECHO],
    "down": [TURN, httpx2.ConnectError(TEXT)],
    "stalls": [TURN, httpx2.ReadTimeout(TEXT)],
    "a bug in the transport": [TURN, ValueError(TEXT)],
    "refusal": [TURN, completion(None, refusal=TEXT)],
    "cut off": [TURN, completion(TEXT, finish="length")],
    "filtered": [TURN, completion(TEXT, finish="content_filter")],
    "unknown ending": [TURN, completion(None, finish=MARKER)],
    "unknown tool": [completion(calls=[call(MARKER, TEXT)]), DONE, BAD_FORM],
    "malformed arguments": [completion(calls=[call("read_chart", TEXT), call("search_codes", {MARKER: TEXT})]), DONE, BAD_FORM],
    "bad form to the end": [TURN, DONE, BAD_FORM],
    "down before the quotes are mended": [TURN, DONE, WRONG_QUOTE, httpx2.ConnectError(TEXT)],
    "no form at all": [TURN, DONE, completion(TEXT)],
    "form is no JSON": [TURN, DONE, hands_in(TEXT)],
    "form cut off": [TURN, DONE, BAD_FORM, completion(TEXT, finish="length")],
    "form refused": [TURN, DONE, BAD_FORM, completion(None, refusal=TEXT)],
    "down while the form is filled": [TURN, DONE, BAD_FORM, httpx2.ConnectError(TEXT)],
}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What anybody could hear: the log, and listeners at the root and at every talkative logger, all levels open."""
    stream = io.StringIO()
    listener = logging.StreamHandler(stream)
    listener.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s %(exc_info)s"))
    names = ["", *(n for n in [*TALKATIVE, *logging.root.manager.loggerDict] if n.split(".")[0] in TALKATIVE)]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(listener)
        logger.setLevel(logging.DEBUG)
    monkeypatch.setenv("OPENAI_LOG", "debug")
    log_to(stream)
    yield stream
    close_log()
    for logger, level, propagate in before:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagate


def code(answers: list[Scripted]) -> Coded:
    clock = Clock()
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    model = OpenAIModel(endpoint, ScriptedServer(*answers), clock, clock.sleep)
    return run(chart(TEXT), model, book(), "prompt", no_check, lambda findings: "correct")


@pytest.mark.parametrize("way", WAYS)
def test_no_marker_comes_out(way: str, heard: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        coded = code(WAYS[way])
    state = coded.state
    assert MARKER in json.dumps(state.messages) or way == "unknown tool", "the chart did go through"
    assert state.failure or state.malformed or way in ("unknown tool", "malformed arguments"), "it did fail"
    assert '"event": "model_called"' in heard.getvalue(), "the log was on"
    shown = capfd.readouterr()
    records = [record.model_dump_json() for record in state.calls]
    for where in (state.failure, *state.malformed, *records, heard.getvalue(), shown.out, shown.err, *map(str, warned)):
        assert MARKER not in where


def test_the_listeners_do_hear_so_that_silence_is_what_keeps_them_from_it(heard: io.StringIO) -> None:
    """Without the filters, the client libraries do log the chart: this is what the test above would catch."""
    filtered = [(logger, list(logger.filters)) for name, logger in list(logging.root.manager.loggerDict.items())
                if isinstance(logger, logging.Logger) and name.split(".")[0] in TALKATIVE]  # fmt: skip
    for logger, _ in filtered:
        logger.filters.clear()
    try:
        client = openai.OpenAI(
            base_url="http://127.0.0.1:9/v1", api_key="x", max_retries=0,
            http_client=httpx2.Client(transport=ScriptedServer(hands_in(TEXT))),
        )  # fmt: skip
        with pytest.raises(Exception, match="json"):
            _ask_plainly(client)
        assert MARKER in heard.getvalue()
    finally:
        for logger, filters in filtered:
            logger.filters[:] = filters
    silence()


def test_a_logger_made_after_the_model_was_opened_is_silenced_before_the_form_is_filled() -> None:
    model = OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), ScriptedServer(BAD_FORM))
    late = logging.getLogger(f"instructor.made_late_{id(model)}")
    record = logging.LogRecord(late.name, logging.ERROR, "", 0, TEXT, (), None)
    assert late.filter(record)
    model.draft([{"role": "user", "content": TEXT}], chart(TEXT))
    assert not late.filter(record)


def _ask_plainly(client: openai.OpenAI) -> Any:
    return instructor.from_openai(client).chat.completions.create(
        model="m", response_model=Draft, messages=[{"role": "user", "content": TEXT}], max_retries=0
    )


@pytest.mark.parametrize("answer", [httpx2.Response(400, json=ECHO), httpx2.ConnectError(TEXT), hands_in(TEXT), completion(TEXT)])
def test_a_failure_printed_with_its_whole_chain_shows_no_marker(answer: Scripted) -> None:
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", attempts=1)
    model = OpenAIModel(endpoint, ScriptedServer(answer), sleep=lambda _: None)
    with pytest.raises(ModelFailure) as caught:
        model.draft([{"role": "user", "content": TEXT}], chart(TEXT))
    assert MARKER not in "".join(traceback.format_exception(caught.value))


def test_a_run_with_a_key_never_shows_it(heard: io.StringIO) -> None:
    endpoint = Endpoint.model_validate({"base_url": "http://127.0.0.1:9/v1", "model": "m", "api_key": MARKER, "attempts": 1})
    model = OpenAIModel(endpoint, ScriptedServer(httpx2.Response(500)))
    coded = run(chart(), model, book(), "prompt", no_check, lambda findings: "")
    assert MARKER not in coded.state.failure + heard.getvalue() + repr(model) + repr(endpoint)
