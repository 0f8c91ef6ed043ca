"""``chartproof serve-model``: the offline model behind the protocol of other models, over a real socket and by table."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient

from agent.coding import code_chart
from agent.models.offline import OfflineModel
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from guardrails.policy import load_policy
from records.chart import Chart
from service.inputs import UsageFault
from service.model_server import MODEL, application, serve
from tests.service.served import served
from tools import TOOLS

OPENING = {"role": "user", "content": json.dumps({"task": "Code.", "documents": [{"id": "note", "kind": "note", "lines": 3}]})}
SCHEMAS = [tool.schema for tool in TOOLS.values()]
MARKER = "zebrawort"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The server on a free loopback port."""
    with served() as port:
        yield port


def post(**body: Any) -> Any:
    return TestClient(application()).post("/v1/chat/completions", json={"model": MODEL, "messages": [OPENING], **body})


@pytest.mark.parametrize("example", ["example-office-knee.json", "example-query.json"])
def test_a_chart_coded_through_the_server_is_coded_as_without_it(port: int, example: str) -> None:
    chart = Chart.model_validate(json.loads(files("evals").joinpath("gold/examples", example).read_text("utf-8"))["chart"])
    policy = load_policy("straight_through")
    asked = OpenAIModel(Endpoint(base_url=f"http://127.0.0.1:{port}/v1", model=MODEL))
    served, direct = code_chart("a", chart, asked, policy), code_chart("a", chart, OfflineModel(), policy)
    asked.close()
    assert served.error is None
    assert served.codes == direct.codes
    assert (served.findings, served.queries, served.disposition) == (direct.findings, direct.queries, direct.disposition)
    assert served.provenance is not None
    assert served.provenance.tokens.prompt > 1000


def test_any_client_of_the_protocol_is_served(port: int) -> None:
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="unused", max_retries=0)
    assert [one.id for one in client.models.list()] == [MODEL]
    said = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    assert "not a language model" in str(said.choices[0].message.content)
    asked = client.chat.completions.create(model=MODEL, messages=[OPENING], tools=SCHEMAS)  # type: ignore[arg-type]
    assert asked.choices[0].finish_reason == "tool_calls"
    assert next(call.function.name for call in asked.choices[0].message.tool_calls or []) == "read_chart"  # type: ignore[union-attr]
    with pytest.raises(openai.BadRequestError, match="streaming is not offered"):
        client.chat.completions.create(model=MODEL, messages=[OPENING], stream=True)  # type: ignore[call-overload]
    client.close()


def test_words_between_the_tools_are_passed_over() -> None:
    said = post(messages=[{"role": "system", "content": MARKER}, OPENING, {"role": "user", "content": MARKER}], tools=SCHEMAS)
    assert said.json()["choices"][0]["message"]["tool_calls"]


CALL = {"id": "a", "type": "function", "function": {"name": "read_chart", "arguments": "{}"}}
FAULTS: dict[str, tuple[dict[str, Any], int]] = {
    "streaming": ({"stream": True}, 400),
    "another model": ({"model": MARKER}, 404),
    "no messages": ({"messages": []}, 400),
    "messages that are words": ({"messages": [MARKER]}, 400),
    "calls that are no list": ({"messages": [OPENING, {"role": "assistant", "tool_calls": MARKER}], "tools": SCHEMAS}, 400),
    "a call without an id": ({"messages": [OPENING, {"role": "assistant", "tool_calls": [{}]}], "tools": SCHEMAS}, 400),
    "an answer of another tool": (
        {
            "messages": [OPENING, {"role": "assistant", "tool_calls": [CALL]},
                         {"role": "tool", "tool_call_id": "a", "content": json.dumps({"lines": [MARKER]})}],
            "tools": SCHEMAS,
        },
        400,
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_answered_is_refused_in_one_line_that_repeats_nothing(fault: str) -> None:
    body, status = FAULTS[fault]
    said = post(**body)
    assert said.status_code == status
    assert said.json()["error"]["message"]
    assert MARKER not in said.text


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    assert TestClient(application()).post("/v1/chat/completions", content=content).status_code == 400


def test_a_draft_asked_for_too_early_is_no_draft() -> None:
    said = post(tool_choice={"type": "function", "function": {"name": "Draft"}}).json()["choices"][0]["message"]
    assert "tool_calls" not in said
    assert "before the chart" in said["content"]


def test_a_request_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.model_server.BODY_BYTES", 100)
    assert post().status_code == 413


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])
def test_only_a_loopback_address_is_served(host: str) -> None:
    with pytest.raises(UsageFault, match="not a loopback address"):
        serve(host, 0)


def test_a_port_that_is_taken_is_one_line(port: int) -> None:
    with pytest.raises(UsageFault, match="cannot be opened"):
        serve("127.0.0.1", port)
