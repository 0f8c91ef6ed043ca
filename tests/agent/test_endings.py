"""However a model fails, its chart ends with a person and a reason: nothing lost, nothing final, not even straight through."""

import json

import httpx2
import pytest

from agent.budget import Limits
from agent.coding import Options, code_chart
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from guardrails.policy import load_policy
from records.result import CodingResult
from tests.agent.scripted import DRAFT, Clock, Scripted, ScriptedServer, call, chart, completion, hands_in

TURN = completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls")
DONE = completion("done")
DOWN = httpx2.ConnectError("down")
BLOCKED = hands_in(
    '{"codes": [{"code": "E11.9", "role": "first_listed", "evidence": [{"document": "note", "quote": "asthma"}]}]}'
)
TWICE = hands_in(
    '{"codes": [{"code": "E11.9", "role": "first_listed", "evidence": [{"document": "note", "quote": "Type 2 diabetes"}]}, 3]}'
)


def code(*answers: Scripted, limits: Limits | None = None) -> CodingResult:
    clock = Clock()
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m")
    model = OpenAIModel(endpoint, ScriptedServer(*answers), clock, clock.sleep)
    return code_chart("enc-1", chart(), model, load_policy("straight_through"), Options(limits))


def test_a_run_without_fault_may_be_final_so_that_the_tests_below_prove_something() -> None:
    assert code(TURN, DONE, hands_in(DRAFT)).disposition == "final_coded"


MANY = [call("read_chart", {"document": "note"}, f"call_{number}") for number in range(200)]
BODY = json.dumps(completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls")).encode()


def calling(name: str, arguments: object, **options: object) -> dict[str, object]:
    return completion(calls=[call(name, arguments)], finish="tool_calls", **options)  # type: ignore[arg-type]


ENDINGS: dict[str, tuple[list[Scripted], Limits | None]] = {
    "down": ([DOWN], None),
    "limits its rate": ([httpx2.Response(429)], None),
    "fails": ([httpx2.Response(500)], None),
    "garbage": ([b"<html>"], None),
    "stalls": ([httpx2.ReadTimeout("slow")], None),
    "no such model": ([httpx2.Response(404)], None),
    "fails after it has read": ([TURN, httpx2.Response(503)], None),
    "fails at the draft": ([TURN, DONE, DOWN], None),
    "fails while correcting": ([TURN, DONE, BLOCKED, BLOCKED, DOWN], None),
    "fails before its quotes are mended": ([TURN, DONE, BLOCKED, DOWN], None),
    "refuses": ([TURN, completion(None, refusal="no"), hands_in(DRAFT)], None),
    "is cut off": ([TURN, completion("on and on", finish="length"), hands_in(DRAFT)], None),
    "is filtered": ([TURN, completion("x", finish="content_filter"), hands_in(DRAFT)], None),
    "hands in no draft": ([TURN, DONE, completion("words")], None),
    "hands in a draft that is half malformed": ([TURN, DONE, TWICE], None),
    "hands in no code": ([TURN, DONE, hands_in('{"codes": []}')], None),
    "never reads the chart": ([DONE, hands_in(DRAFT)], None),
    "is blocked twice": ([TURN, DONE, BLOCKED, BLOCKED, DONE, BLOCKED, BLOCKED], None),
    "talks to no end": ([TURN, TURN, hands_in(DRAFT)], Limits(turns=2)),
    "has no choices": ([completion("x") | {"choices": []}], None),
    "has no message": ([{"choices": [{"index": 0}]}], None),
    "says nothing": ([completion(None), hands_in('{"codes": []}')], None),
    "calls a tool there is none of": ([calling("approve_chart", {}), TURN, DONE, hands_in(DRAFT)], None),
    "calls only tools there are none of": ([calling("approve_chart", {"chart": "all"})], None),
    "never writes JSON": (
        [calling("read_chart", "{not json"), calling("read_chart", "document: note"), DONE, hands_in(DRAFT)],
        None,
    ),
    "never writes the right types": ([calling("read_chart", {"document": 7}), DONE, hands_in(DRAFT)], None),
    "nests without end": ([calling("read_chart", "[" * 9000), DONE, hands_in("[" * 9000)], None),
    "writes too much in an argument": ([calling("search_codes", {"terms": "x" * 50_000}), DONE, hands_in(DRAFT)], None),
    "writes too much": ([b'{"choices": [' + b" " * 9_000_000], None),
    "breaks off": ([BODY[:90]], None),
    "writes what is no UTF-8": ([BODY.replace(b"note", b"n\xff\xfee"), DONE, hands_in(DRAFT)], None),
    "writes half a character": ([TURN, DONE, hands_in('{"codes": [{"code": "E11.9\\ud800"}]}')], None),
    "repeats and then hands in": ([*[TURN] * 5, hands_in(DRAFT)], Limits(turns=5, repeats=3)),
    "repeats its call": ([TURN], Limits(turns=8, repeats=3)),
    "makes too many calls at once": ([completion(calls=MANY, finish="tool_calls"), DONE, hands_in(DRAFT)], Limits(tool_calls=50)),
    "hands in a word for a list": ([TURN, DONE, hands_in('{"codes": "E11.9"}')], None),
    "hands in as words what belongs in the form": ([TURN, DONE, completion(DRAFT.model_dump_json())], None),
    "calls to no end": ([TURN, TURN, hands_in(DRAFT)], Limits(tool_calls=1)),
}


# Where each ends, and the rule that says why: RN-002 a failure or a limit, RN-003 unread, RN-004 not of the form, RN-005 no code,
# RN-014 an unlisted tool, EV-002 words that are not in the chart.
FAILED, UNREAD, LIMIT = ("held", "RN-002"), ("coder_review", "RN-003"), ("coder_review", "RN-002")
ENDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(ENDINGS, FAILED),
    **dict.fromkeys(("never reads the chart", "never writes JSON", "never writes the right types", "says nothing"), UNREAD),
    **dict.fromkeys(("writes too much in an argument", "writes what is no UTF-8"), UNREAD),
    **dict.fromkeys(("talks to no end", "makes too many calls at once", "calls to no end", "repeats and then hands in"), LIMIT),
    "calls a tool there is none of": ("coder_review", "RN-014"),
    "hands in no code": ("coder_review", "RN-005"),
    "is blocked twice": ("held", "EV-002"),
    "hands in a draft that is half malformed": ("held", "RN-004"),
    "hands in as words what belongs in the form": ("held", "RN-004"),
    "writes half a character": ("held", "RN-004"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failing_model_ends_with_a_person_where_it_is_defined_to_end(ending: str) -> None:
    answers, limits = ENDINGS[ending]
    result = code(*answers, limits=limits)
    disposition, rule = ENDS[ending]
    assert result.id == "enc-1"
    assert result.disposition == disposition
    assert rule in {finding.rule_id for finding in result.findings}
    assert (result.error is not None) == (ENDS[ending] == FAILED)
    assert result.reasons
    assert result.provenance is not None


def test_parallel_calls_are_each_answered_in_their_order_and_are_no_fault() -> None:
    both = completion(calls=[call("read_chart", {}, "b"), call("read_chart", {"document": "note"}, "a")], finish="tool_calls")
    result = code(both, DONE, hands_in(DRAFT))
    assert result.disposition == "final_coded"
    assert result.provenance is not None
    assert [made.arguments for made in result.provenance.tool_calls] == [{}, {"document": "note"}]


def test_a_call_that_was_wrong_once_and_is_mended_is_no_fault() -> None:
    assert code(calling("read_chart", "{"), TURN, DONE, hands_in(DRAFT)).disposition == "final_coded"


@pytest.mark.parametrize("ending", ["down", "garbage", "fails while correcting"])
def test_the_reason_of_a_failure_is_told(ending: str) -> None:
    result = code(*ENDINGS[ending][0])
    assert result.error is not None
    assert "model m: the endpoint" in result.error
    assert result.error in result.reasons


def test_a_draft_in_words_is_kept_for_the_person() -> None:
    result = code(*ENDINGS["hands in as words what belongs in the form"][0])
    assert ([one.code for one in result.codes], result.disposition) == (["E11.9"], "held")


@pytest.mark.parametrize("ending", ["fails while correcting", "fails before its quotes are mended"])
def test_a_draft_handed_in_before_a_failure_is_kept_for_the_person(ending: str) -> None:
    assert [one.code for one in code(*ENDINGS[ending][0]).codes] == ["E11.9"]
