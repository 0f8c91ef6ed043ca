"""The draft's form: asked for again a bounded number of times, then read entry by entry, and never lost."""

import json
from typing import Any

import httpx2
import pytest

from agent.model import HandIn, ModelFailure
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from records.code import Draft
from records.result import Tokens
from tests.agent.scripted import DRAFT, Scripted, ScriptedServer, asks, call, chart, completion, hands_in

USAGE = {"prompt_tokens": 9, "completion_tokens": 1}
BAD = json.dumps({"codes": [{"code": "E11.9", "sequence": "first"}]})


def fill(server: ScriptedServer) -> HandIn:
    model = OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), server, sleep=lambda _: None)
    return model.draft([{"role": "system", "content": "code"}, {"role": "user", "content": "{{ 7 * 6 }} {% raw %}"}], chart())


def test_the_form_is_forced_after_the_whole_conversation() -> None:
    server = ScriptedServer(hands_in(DRAFT, usage=USAGE))
    assert fill(server) == HandIn(DRAFT, Tokens(prompt=9, completion=1))
    (sent,) = server.sent
    assert [message["role"] for message in sent["messages"]] == ["system", "user", "user"]
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "Draft"}}
    assert sent["tools"][0]["function"]["parameters"]["properties"].keys() == Draft.model_fields.keys()


def test_the_conversation_goes_out_as_the_turns_sent_it_so_that_servers_take_it_and_providers_cache_it() -> None:
    asked = asks(call("read_chart", {"document": "note"})).as_message()
    conversation = [
        {"role": "user", "content": "https://example.com/x.png data:image/png;base64,AAAA"},
        asked,
        {"role": "tool", "tool_call_id": "call_1", "content": "{}"},
    ]
    server = ScriptedServer(hands_in(BAD), hands_in(DRAFT))
    OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), server).draft(conversation, chart())
    for sent in server.sent:
        assert sent["messages"][:3] == conversation
    assert [message["role"] for message in server.sent[1]["messages"][3:]] == ["user", "assistant", "tool"]
    assert all(isinstance(message["content"], str) for message in server.sent[1]["messages"][4:] if message["role"] == "tool")


def test_the_chart_is_never_read_as_a_template() -> None:
    server = ScriptedServer(hands_in(DRAFT))
    fill(server)
    assert server.sent[0]["messages"][1]["content"] == "{{ 7 * 6 }} {% raw %}"


@pytest.mark.parametrize(
    "bad",
    [hands_in(BAD, usage=USAGE), hands_in("{", usage=USAGE), hands_in("[]", usage=USAGE), completion("words", usage=USAGE),
     completion(None, usage=USAGE)],
)  # fmt: skip
def test_what_is_not_of_the_form_is_asked_for_again_and_paid_for(bad: dict[str, Any]) -> None:
    server = ScriptedServer(bad, hands_in(DRAFT, usage=USAGE))
    assert fill(server) == HandIn(DRAFT, Tokens(prompt=18, completion=2))
    assert len(server.sent[1]["messages"]) > len(server.sent[0]["messages"])


def test_a_number_written_as_text_is_a_number() -> None:
    handed = fill(ScriptedServer(hands_in(json.dumps({"codes": [{"code": "E11.9", "sequence": "1"}]}))))
    assert (handed.draft.codes[0].sequence, handed.malformed) == (1, ())


def test_after_the_last_attempt_what_can_be_read_is_kept_and_the_rest_is_named() -> None:
    entries = [
        {"code": "E11.9"},
        {"code": "I10", "role": "zebra"},
        {"role": "secondary"},
        {"code": "J45.909", "zebra": 1},
        "R05.9",
    ]
    server = ScriptedServer(hands_in(json.dumps({"codes": entries}), usage=USAGE))
    handed = fill(server)
    assert [code.code for code in handed.draft.codes] == ["E11.9", "I10", "J45.909", "R05.9"]
    assert handed.malformed == (
        "code 2: role literal_error",
        "code 3: code missing",
        "code 4: unknown field",
        "code 5: the entry is no object",
    )
    assert len(server.requests) == 3
    assert handed.tokens == Tokens(prompt=27, completion=3)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([hands_in("{")], "the model handed in no draft that could be read"),
        ([hands_in('{"codes": "zebra"}')], "the model handed in no draft that could be read"),
        ([hands_in("[" * 50_000)], "the model handed in no draft that could be read"),
        ([completion("zebra")], "the model handed in no draft that could be read"),
        ([completion(None, refusal="zebra")], "the model refused"),
        ([hands_in(DRAFT) | {"choices": []}], "the endpoint's answer could not be read (asked 5 times)"),
        ([completion("zebra", finish="length")], "the model's answer was cut off at its length limit"),
        ([hands_in(BAD), completion("zebra", finish="content_filter")], "the endpoint's content filter stopped the answer"),
        ([hands_in(BAD), httpx2.ConnectError("zebra")], "the endpoint cannot be reached (asked 5 times)"),
    ],
)
def test_every_other_ending_is_a_failure_with_its_reason(answers: list[Scripted], reason: str) -> None:
    with pytest.raises(ModelFailure) as caught:
        fill(ScriptedServer(*answers))
    assert caught.value.reason == reason
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


# --- what the form knows of the chart ---------------------------------------------------------------------------------------


def cites(quote: str, line: int | None = 2, document: str = "note") -> dict[str, Any]:
    evidence = [{"document": document, "quote": quote, "line": line}]
    return hands_in(json.dumps({"codes": [{"code": "E11.9", "role": "first_listed", "evidence": evidence}]}), usage=USAGE)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (cites("Type 2 diabetes", 1), "codes[0].evidence[0]: the quote does not begin on line 1"),
        (cites("Type 2 diabetes", 99), "codes[0].evidence[0]: the document has 3 lines"),
        (cites("Type II diabetes"), "codes[0].evidence[0]: the quote is not in the document word for word"),
        (cites("ype 2 diabetes", None), "codes[0].evidence[0]: the quote is not in the document word for word"),
        (cites("Type 2 diabetes", 2, "zebra"), "codes[0].evidence[0]: there is no document of that id"),
    ],
)
def test_a_quote_that_is_not_where_it_is_said_to_be_may_be_mended_once(bad: dict[str, Any], told: str) -> None:
    server = ScriptedServer(bad, hands_in(DRAFT, usage=USAGE))
    assert fill(server) == HandIn(DRAFT, Tokens(prompt=18, completion=2))
    asked = json.dumps(server.sent[1]["messages"][3:])
    assert told in asked
    assert [message["content"] for message in server.sent[1]["messages"][2:3]] == [server.sent[0]["messages"][2]["content"]]


def test_what_is_still_not_in_the_chart_goes_to_the_rules() -> None:
    server = ScriptedServer(cites("Type II diabetes"))
    handed = fill(server)
    assert (handed.draft.codes[0].evidence[0].quote, handed.malformed) == ("Type II diabetes", ())
    assert len(server.requests) == 2


def test_the_request_for_the_draft_asks_for_a_decision_on_every_code_that_was_read() -> None:
    shown = {"code": "E11.9", "description": "Type 2 diabetes mellitus without complications"}
    conversation = [
        {"role": "user", "content": "{}"},
        asks(call("read_code", {"code": "e119"}), call("read_code", {"code": "zebra"}, "b")).as_message(),
        {"role": "tool", "tool_call_id": "call_1", "content": json.dumps(shown)},
        {"role": "tool", "tool_call_id": "b", "content": json.dumps({"error": "zebra"})},
    ]
    server = ScriptedServer(hands_in(DRAFT))
    OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), server).draft(conversation, chart())
    asked = server.sent[0]["messages"][-1]["content"]
    assert "- E11.9 Type 2 diabetes mellitus without complications" in asked
    assert "verified it against the chart and its siblings" in asked
    assert "zebra" not in asked
