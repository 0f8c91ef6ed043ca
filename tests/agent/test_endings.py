"""However a model fails, its chart ends with a person and a reason: nothing lost, nothing final, not even straight through."""

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
    "refuses": ([completion(None, refusal="no")], None),
    "is cut off": ([completion("on and on", finish="length")], None),
    "is filtered": ([completion("x", finish="content_filter")], None),
    "hands in no draft": ([TURN, DONE, completion("words")], None),
    "hands in a draft that is half malformed": ([TURN, DONE, TWICE], None),
    "hands in no code": ([TURN, DONE, hands_in('{"codes": []}')], None),
    "never reads the chart": ([DONE, hands_in(DRAFT)], None),
    "is blocked twice": ([TURN, DONE, BLOCKED, BLOCKED, DONE, BLOCKED, BLOCKED], None),
    "talks to no end": ([TURN, TURN, hands_in(DRAFT)], Limits(turns=2)),
    "calls to no end": ([TURN, TURN, hands_in(DRAFT)], Limits(tool_calls=1)),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failing_model_ends_with_a_person(ending: str) -> None:
    answers, limits = ENDINGS[ending]
    result = code(*answers, limits=limits)
    assert result.id == "enc-1"
    assert result.disposition != "final_coded"
    assert result.reasons
    assert result.provenance is not None


@pytest.mark.parametrize("ending", ["down", "garbage", "fails while correcting"])
def test_the_reason_of_a_failure_is_told(ending: str) -> None:
    result = code(*ENDINGS[ending][0])
    assert result.error is not None
    assert "model m: the endpoint" in result.error
    assert result.error in result.reasons


@pytest.mark.parametrize("ending", ["fails while correcting", "fails before its quotes are mended"])
def test_a_draft_handed_in_before_a_failure_is_kept_for_the_person(ending: str) -> None:
    assert [one.code for one in code(*ENDINGS[ending][0]).codes] == ["E11.9"]
