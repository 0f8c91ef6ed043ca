"""Cassettes: a conversation recorded once and replayed, without keys in it, and played to its end.

The cassette here was recorded against a scripted server on this machine, not against a hosted model. To record it anew,
delete it and run this test: it then serves the script on a loopback port.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import vcr
from pydantic import SecretStr
from vcr.cassette import Cassette

from agent.loop import run
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from records.result import Tokens
from tests.agent.scripted import DRAFT, book, call, chart, completion, hands_in, no_check
from tests.loopback import Answering, listening, serving

FOLDER = Path(__file__).parent / "cassettes"
USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 60}}
SCRIPT = [
    completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls", usage=USAGE),
    completion("done", usage=USAGE),
    hands_in(DRAFT, usage=USAGE),
]
KEPT_HEADERS = {"content-type", "retry-after"}


def _bare_request(request: Any) -> Any:
    """A request as it is kept and compared: the conversation and the names of what may be called.

    Its headers hold the key and say what machine recorded it; the port differs each time; and a better description of a
    tool is no other conversation.
    """
    body = json.loads(request.body)
    names = [tool if isinstance(tool, str) else tool["function"]["name"] for tool in body["tools"]]  # it may be bare already
    request.body = json.dumps({"model": body["model"], "messages": body["messages"], "tools": names}).encode()
    request.headers = {}
    request.uri = "http://127.0.0.1/v1/chat/completions"
    return request


def _bare_response(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return response


@contextmanager
def played(path: Path, record: bool = False) -> Iterator[Cassette]:
    """Play a cassette; an error when something was not on it or was not played."""
    recorder = vcr.VCR(
        record_mode="once" if record else "none",
        match_on=["method", "uri", "body"],
        before_record_request=_bare_request,
        before_record_response=_bare_response,
    )
    with recorder.use_cassette(str(path)) as cassette:
        yield cassette
    assert record or cassette.all_played, f"{len(cassette) - cassette.play_count} recorded answers were not played"


@contextmanager
def scripted_server() -> Iterator[int]:
    """The script, served on a loopback port."""
    answers = iter(SCRIPT)

    class Handler(Answering):
        def do_POST(self) -> None:
            self.asked()
            self.answer(json.dumps(next(answers)).encode(), Content_Type="application/json", Set_Cookie="session=zebra")

    server = serving(Handler)
    with listening(server):
        yield server.server_port


def code(port: int, text: str | None = None) -> Any:
    endpoint = Endpoint(base_url=f"http://127.0.0.1:{port}/v1", model="m", api_key=SecretStr("sk-zebra"), attempts=1)
    model = OpenAIModel(endpoint)
    try:
        return run(chart(text) if text else chart(), model, book(), "prompt", no_check, lambda findings: "")
    finally:
        model.close()


@pytest.fixture(scope="module")
def cassette() -> Path:
    """The cassette of this file, recorded if it is not there."""
    path = FOLDER / "office-visit.yaml"
    if not path.exists():
        with scripted_server() as port, played(path, record=True):
            assert code(port).state.failure == ""
    return path


def test_a_recorded_conversation_replays_without_a_server(cassette: Path) -> None:
    with played(cassette) as tape:
        coded = code(9)
    assert (coded.state.failure, [one.code for one in coded.codes]) == ("", ["E11.9"])
    assert coded.codes[0].evidence[0].text == "Type 2 diabetes"
    assert coded.state.tokens == Tokens(prompt=300, cached=180, completion=30)
    assert tape.play_count == len(SCRIPT)


def test_a_cassette_holds_no_key_and_no_other_header(cassette: Path) -> None:
    text = cassette.read_text()
    assert "zebra" not in text
    assert "authorization" not in text.lower()
    assert "user-agent" not in text.lower()


def test_a_request_that_is_not_on_the_cassette_reaches_nobody(cassette: Path) -> None:
    with scripted_server() as port, pytest.raises(AssertionError, match="not played"), played(cassette):
        # The opening and the first answer are the same; what the tool shows of this chart is not.
        coded = code(port, "Assessment:\nAsthma.\nNo pneumonia.\n")
    assert coded.state.failure == "the request was not sent"


def test_a_cassette_that_is_not_played_to_its_end_fails(cassette: Path) -> None:
    with pytest.raises(AssertionError, match="3 recorded answers were not played"), played(cassette):
        pass
