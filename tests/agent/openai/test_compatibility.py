"""How servers answer, as each documents it: the shapes chartproof must read, and what the doctor says of each.

Only the shapes were taken from the documentation of OpenAI, Azure OpenAI, vLLM, Ollama and llama.cpp; none of these was asked.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2
import pytest

from agent.coding import code_chart
from agent.models.openai.doctor import Examined, examine
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from codebook.book import open_book
from guardrails.policy import load_policy
from tests.agent.scripted import DRAFT, Clock, ScriptedServer, chart, completion

ARGUMENTS = '{"document": "note"}'
Shape = Callable[[str, Any], dict[str, Any]]


def openai(name: str, arguments: Any) -> dict[str, Any]:
    called = {"id": "call_abc123", "type": "function", "function": {"name": name, "arguments": arguments}}
    usage = {
        "prompt_tokens": 82,
        "completion_tokens": 17,
        "total_tokens": 99,
        "prompt_tokens_details": {"cached_tokens": 64, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
    body = completion(None, finish="tool_calls", usage=usage, tool_calls=[called], refusal=None, annotations=[])
    return body | {"service_tier": "default", "system_fingerprint": "fp_1"}


def azure(name: str, arguments: Any) -> dict[str, Any]:
    body = openai(name, arguments)
    safe = {"hate": {"filtered": False, "severity": "safe"}, "self_harm": {"filtered": False, "severity": "safe"}}
    body["choices"][0] |= {"content_filter_results": safe, "logprobs": None}
    return body | {"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": safe}]}


def vllm(name: str, arguments: Any) -> dict[str, Any]:
    """A forced function ends with "stop"; reasoning stands beside the content; a null for what there is none of."""
    called = {"id": "chatcmpl-tool-1", "type": "function", "function": {"name": name, "arguments": arguments}}
    body = completion("", finish="stop", tool_calls=[called], reasoning_content="thinking", function_call=None)
    body["choices"][0] |= {"stop_reason": None}
    return body | {"usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7, "prompt_tokens_details": None}}


def ollama(name: str, arguments: Any) -> dict[str, Any]:
    called = {"id": "call_1", "index": 0, "type": "function", "function": {"name": name, "arguments": arguments}}
    body = completion("", finish="tool_calls", tool_calls=[called])
    return body | {"system_fingerprint": "fp_ollama", "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}


def ollama_with_objects(name: str, arguments: Any) -> dict[str, Any]:
    """The arguments as an object, without an id, as the native shape has them."""
    import json

    return completion("", finish="stop", tool_calls=[{"function": {"name": name, "arguments": json.loads(arguments)}}])


def llama_cpp(name: str, arguments: Any) -> dict[str, Any]:
    """An empty id, no usage."""
    called = {"type": "function", "id": "", "function": {"name": name, "arguments": arguments}}
    body = completion(None, finish="tool_calls", tool_calls=[called])
    del body["created"], body["id"], body["object"]
    return body | {"timings": {"prompt_n": 5}}


SHAPES: dict[str, Shape] = {shape.__name__: shape for shape in (openai, azure, vllm, ollama, ollama_with_objects, llama_cpp)}
FINAL_WORDS: list[Any] = ["done", [{"type": "text", "text": "done"}]]


def code(*answers: Any) -> Any:
    clock = Clock()
    model = OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), ScriptedServer(*answers), clock, clock.sleep)
    return code_chart("enc-1", chart(), model, load_policy("straight_through"))


@pytest.mark.parametrize("words", FINAL_WORDS)
@pytest.mark.parametrize("name", SHAPES)
def test_a_chart_is_coded_whatever_the_shape_of_the_answers(name: str, words: Any) -> None:
    shape = SHAPES[name]
    result = code(shape("read_chart", ARGUMENTS), completion(words), shape("Draft", DRAFT.model_dump_json()))
    assert (result.disposition, result.error) == ("final_coded", None)
    assert [made.arguments for made in result.provenance.tool_calls] == [{"document": "note"}]


def test_usage_is_what_was_reported_and_nothing_where_it_was_not() -> None:
    reported = {
        name: code(shape("read_chart", ARGUMENTS), completion("done"), shape("Draft", DRAFT.model_dump_json())).provenance.tokens
        for name, shape in SHAPES.items()
    }
    assert (reported["openai"].prompt, reported["openai"].cached, reported["openai"].completion) == (164, 128, 34)
    assert (reported["vllm"].prompt, reported["vllm"].cached) == (10, 0)
    assert (reported["llama_cpp"].prompt, reported["llama_cpp"].completion) == (0, 0)


def test_no_request_needs_what_only_some_servers_know() -> None:
    """No ``developer`` role, no stream, no response_format, no strict schema, no options that were not set."""
    shape = SHAPES["openai"]
    server = ScriptedServer(shape("read_chart", ARGUMENTS), completion("done"), shape("Draft", DRAFT.model_dump_json()))
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    code_chart("enc-1", chart(), OpenAIModel(endpoint, server), load_policy("straight_through"))
    assert {role for sent in server.sent for role in (message["role"] for message in sent["messages"])} == {
        "system", "user", "assistant", "tool"
    }  # fmt: skip
    assert {key for sent in server.sent for key in sent} == {"model", "messages", "tools", "tool_choice"}
    assert all("strict" not in tool["function"] for sent in server.sent for tool in sent["tools"])


def test_options_that_were_set_are_sent() -> None:
    server = ScriptedServer(completion("done"))
    settings = {"temperature": 0.0, "max_tokens": 900, "parallel_tool_calls": False}
    endpoint = Endpoint.model_validate({"base_url": "http://127.0.0.1:9/v1", "model": "m", **settings})
    OpenAIModel(endpoint, server).turn([{"role": "user", "content": "x"}], [])
    assert server.sent[0] == {"model": "m", "messages": [{"role": "user", "content": "x"}], **settings}


# --- the doctor -------------------------------------------------------------------------------------------------------------


def examined(*answers: Any) -> dict[str, Examined]:
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    book = open_book(date(2026, 6, 15))
    return {one.name: one for one in examine(endpoint, book, ScriptedServer(*answers))}


READY = completion("ready")


def test_the_doctor_finds_nothing_missing_in_a_server_that_does_all() -> None:
    shape = SHAPES["openai"]
    found = examined(READY, shape("read_chart", ARGUMENTS), completion("done"), shape("Draft", DRAFT.model_dump_json()))
    assert [one.name for one in found.values() if one.state == "missing"] == []
    assert found["calls tools in parallel"].state == "note"
    assert found["codes the invented note"].state == found["reports usage"].state == found["caches prompts"].state == "ok"


@pytest.mark.parametrize(
    ("answers", "name", "says"),
    [
        ([httpx2.ConnectError("down")], "answers", "the endpoint cannot be reached"),
        ([httpx2.Response(401)], "answers", "refuses the key"),
        ([httpx2.Response(404)], "answers", "no such address or model"),
        ([READY, httpx2.Response(400)], "calls tools", "refuses the request"),
        ([READY, completion("I would call read_chart")], "calls tools", "handed in no draft"),
        (
            [READY, ollama("read_chart", "{"), completion("done"), ollama("Draft", DRAFT.model_dump_json())],
            "calls tools",
            "0 of 1",
        ),
        ([READY, ollama("read_chart", ARGUMENTS), completion("done"), completion("words")], "hands in the form", "no draft"),
        (
            [READY, ollama("read_chart", ARGUMENTS), completion("done"), completion(DRAFT.model_dump_json())],
            "hands in the form",
            "",
        ),
        ([READY, ollama("read_chart", ARGUMENTS), httpx2.Response(500)], "hands in the form", "the endpoint failed"),
    ],
)
def test_the_doctor_says_what_is_missing(answers: list[Any], name: str, says: str) -> None:
    found = examined(*answers)
    assert found[name].state == "missing"
    assert says in found[name].says


def test_the_doctor_shows_an_endpoint_no_chart_but_the_invented_note() -> None:
    hands_in = llama_cpp("Draft", DRAFT.model_dump_json())
    server = ScriptedServer(READY, llama_cpp("read_chart", ARGUMENTS), completion("done"), hands_in)
    found = list(examine(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), open_book(date(2026, 6, 15)), server))
    assert {one.name: one.state for one in found}["reports usage"] == "note"
    assert len(server.requests) == 4
