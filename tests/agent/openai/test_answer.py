"""The shapes in which servers answer, and what is read from each."""

import json
from typing import Any

import pytest

from agent.models.openai.answer import Answer, UnreadableAnswer, read_answer
from records.result import Tokens
from tests.agent.scripted import call, completion


def read(body: dict[str, Any]) -> Answer:
    return read_answer(json.dumps(body).encode())


def with_calls(*calls: object) -> dict[str, Any]:
    return completion(tool_calls=list(calls))


def test_words_and_tokens() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 5}}
    answer = read(completion("hello", usage=usage))
    assert answer == Answer(content="hello", finish_reason="stop", tokens=Tokens(prompt=7, cached=5, completion=2))


@pytest.mark.parametrize(
    "usage",
    [None, {}, [], "none", {"prompt_tokens": None}, {"prompt_tokens": "7"}, {"prompt_tokens": -7}, {"prompt_tokens": True},
     {"prompt_tokens": 1e400}, {"prompt_tokens_details": None}, {"prompt_tokens_details": [1]}],
)  # fmt: skip
def test_usage_that_is_missing_or_odd_counts_as_nothing(usage: object) -> None:
    assert read({**completion("hello"), "usage": usage}).tokens == Tokens()


def test_content_in_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, "odd", {"type": "text", "text": "b"}, {"text": 3}]
    assert read(completion(parts)).content == "ab"


@pytest.mark.parametrize("content", [None, 3, {"text": "x"}])
def test_content_that_is_no_text_is_no_content(content: object) -> None:
    assert read(completion(content)).content is None


def test_arguments_as_text_as_an_object_and_not_at_all() -> None:
    calls = read(
        with_calls(
            {"id": "a", "function": {"name": "x", "arguments": '{"k": 1}'}},
            {"id": "b", "function": {"name": "x", "arguments": {"k": "\u00e9"}}},
            {"id": "c", "function": {"name": "x", "arguments": None}},
            {"id": "d", "function": {"name": "x"}},
        )
    ).tool_calls
    assert [one.arguments for one in calls] == ['{"k": 1}', '{"k": "\u00e9"}', "{}", "{}"]


def test_ids_that_are_missing_or_double_are_given_so_that_each_answer_finds_its_call() -> None:
    function = {"name": "x", "arguments": "{}"}
    calls = read(with_calls({"function": function}, {"id": None, "function": function}, {"id": "a", "function": function},
                            {"id": "a", "function": function}, {"id": 5, "function": function})).tool_calls  # fmt: skip
    assert len({one.id for one in calls}) == 5


@pytest.mark.parametrize("odd", [None, "x", 3, {}, {"function": None}, {"function": {"name": 3}}])
def test_a_call_that_is_none_becomes_a_call_to_no_tool_and_is_not_dropped(odd: object) -> None:
    assert [one.name for one in read(with_calls(odd)).tool_calls] == [""]


@pytest.mark.parametrize("finish", ["stop", "tool_calls", "length", "content_filter"])
def test_a_known_ending_is_named(finish: str) -> None:
    assert read(completion("x", finish=finish)).finish_reason == finish


@pytest.mark.parametrize(
    ("finish", "read_as"), [("eos_token", "unknown"), (None, ""), ("", ""), (3, "unknown"), ({"a": 1}, "unknown")]
)
def test_an_unknown_ending_is_unknown_and_its_word_goes_nowhere(finish: object, read_as: str) -> None:
    assert read(completion("x", finish=finish)).finish_reason == read_as


def test_half_a_surrogate_pair_and_bytes_that_are_no_utf8_are_replaced() -> None:
    assert read_answer(b'{"choices":[{"message":{"content":"a\\ud800b\\ud83d\\ude00"}}]}').content == "a\ufffdb\U0001f600"
    assert read_answer(b'{"choices":[{"message":{"content":"a\xff\xfeb"}}]}').content == "a\ufffd\ufffdb"


def test_a_usual_call_is_read_as_it_is() -> None:
    asked = call("read_chart", {"document": "note"}, "call_9")
    assert read(completion(calls=[asked], finish="tool_calls")).tool_calls == (asked,)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>zebra</html>", b"null", b"3", b"[]", b"{}", b'{"choices": []}', b'{"choices": null}', b'{"choices": {"0": 1}}',
     b'{"choices": [null]}', b'{"choices": [{}]}', b'{"choices": [{"message": "zebra"}]}', b'{"error": {"message": "zebra"}}',
     b"[" * 100_000, b"\xff\xfe\x00", b'{"choices": [{"mess'],
)  # fmt: skip
def test_what_is_no_completion_is_unreadable_and_the_error_says_nothing_of_it(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        read_answer(body)
    assert str(caught.value) == ""
