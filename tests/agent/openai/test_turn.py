"""One turn: what goes out, and the endings a turn may have."""

from typing import Any

import pytest

from agent.model import ModelFailure
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from records.result import Tokens
from tests.agent.scripted import Clock, ScriptedServer, call, chart, completion

USAGE = {"prompt_tokens": 9, "completion_tokens": 1}
TOOLS = [{"type": "function", "function": {"name": "read_chart", "description": "", "parameters": {"type": "object"}}}]


def opened(server: ScriptedServer) -> Any:
    return OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="the-model"), server).begin(chart())


def test_the_conversation_and_the_tools_go_out_as_they_are() -> None:
    server = ScriptedServer(completion(calls=[call("read_chart")], finish="tool_calls", usage=USAGE))
    reply = opened(server).turn([{"role": "user", "content": "hello"}], TOOLS)
    assert server.sent == [{"model": "the-model", "messages": [{"role": "user", "content": "hello"}], "tools": TOOLS}]
    assert reply.tool_calls == (call("read_chart"),)
    assert reply.tokens == Tokens(prompt=9, completion=1)


def test_no_empty_list_of_tools_is_sent() -> None:
    server = ScriptedServer(completion("hello"))
    opened(server).turn([], [])
    assert "tools" not in server.sent[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (completion(None, refusal="zebra", usage=USAGE), "the model refused"),
        (completion("zebra", finish="length", usage=USAGE), "the model's answer was cut off at its length limit"),
        (
            completion(calls=[call("x", '{"zeb')], finish="length", usage=USAGE),
            "the model's answer was cut off at its length limit",
        ),
        (completion("zebra", finish="content_filter", usage=USAGE), "the endpoint's content filter stopped the answer"),
        (completion(None, finish="zebra", usage=USAGE), "the model's answer ended in an unknown way and is empty"),
    ],
)
def test_an_ending_no_turn_may_have_is_a_failure_that_says_what_it_cost(body: dict[str, Any], reason: str) -> None:
    server = ScriptedServer(body)
    with pytest.raises(ModelFailure) as caught:
        opened(server).turn([], TOOLS)
    assert caught.value.reason == reason
    assert caught.value.tokens == Tokens(prompt=9, completion=1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("finish", ["stop", "eos", None, "tool_calls"])
def test_any_other_ending_is_judged_by_what_was_said(finish: object) -> None:
    assert opened(ScriptedServer(completion("words", finish=finish))).turn([], TOOLS).content == "words"


def test_an_empty_turn_is_a_model_that_has_stopped() -> None:
    reply = opened(ScriptedServer(completion(None))).turn([], TOOLS)
    assert (reply.content, reply.tool_calls) == (None, ())
    assert reply.as_message() == {"role": "assistant", "content": ""}


def test_every_chart_has_a_deadline_of_its_own_over_all_its_turns() -> None:
    server, clock = ScriptedServer(completion("hello")), Clock()
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", deadline=100)
    model = OpenAIModel(endpoint, server, clock, clock.sleep)
    first = model.begin(chart())
    clock.now = 99.0
    second = model.begin(chart())
    assert first.turn([], []).content == "hello"
    clock.now = 100.0
    for asked in (lambda: first.turn([], []), lambda: first.draft([], chart())):
        with pytest.raises(ModelFailure, match="the time for this chart was used up"):
            asked()
    assert second.turn([], []).content == "hello"
    assert len(server.requests) == 2
