"""A chain of models: the whole chart anew with the next one, never split, and the result says who failed and what it cost."""

import threading

import httpx2
import pytest

from agent.chain import Chain
from agent.coding import code_chart
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from agent.price import Price
from guardrails.policy import load_policy
from records.result import CodingResult, Cost, Tokens
from tests.agent.scripted import DRAFT, Clock, Scripted, ScriptedServer, call, chart, completion, hands_in

POLICY = load_policy("straight_through")
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 600}}
TURN = completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls", usage=USAGE)
DONE, HANDS_IN = completion("done", usage=USAGE), hands_in(DRAFT, usage=USAGE)
PRICE = Price(prompt=10.0, cached=1.0, completion=100.0)


def model(port: int, *answers: Scripted, price: Price | None = None) -> tuple[OpenAIModel, ScriptedServer]:
    server, clock = ScriptedServer(*answers), Clock()
    endpoint = Endpoint(base_url=f"http://127.0.0.1:{port}/v1", model=f"m{port}", attempts=2, price=price)
    return OpenAIModel(endpoint, server, clock, clock.sleep), server


def code(*models: OpenAIModel) -> CodingResult:
    return code_chart("enc-1", chart(), Chain(models), POLICY)


def test_the_first_that_does_not_fail_codes_the_whole_chart() -> None:
    (one, first), (two, second) = model(1, TURN, DONE, httpx2.Response(503), price=PRICE), model(2, TURN, DONE, HANDS_IN)
    result = code(one, two)
    assert (result.disposition, result.error) == ("final_coded", None)
    made = result.provenance
    assert made is not None
    assert (made.model, made.endpoint) == ("m2", "http://127.0.0.1:2")
    (failed,) = made.fallbacks
    assert (failed.model, failed.endpoint) == ("m1", "http://127.0.0.1:1")
    assert failed.reason == "the endpoint failed (HTTP 503) (asked 2 times)"
    assert failed.tokens == Tokens(prompt=2000, cached=1200, completion=200)
    assert failed.cost == Cost(amount=0.0292, currency="USD")
    assert (made.tokens, made.cost) == (Tokens(prompt=3000, cached=1800, completion=300), None)
    begun = [message["role"] for message in second.sent[0]["messages"]]
    assert begun == ["system", "user"], "nothing of the first conversation goes to the second endpoint"
    assert len(first.requests) == 4


def test_one_that_works_is_not_followed_by_another() -> None:
    (one, _), (two, second) = model(1, TURN, DONE, HANDS_IN, price=PRICE), model(2, HANDS_IN)
    made = code(one, two).provenance
    assert made is not None
    assert (made.model, made.fallbacks, second.requests) == ("m1", (), [])
    assert 0 < made.model_seconds < made.seconds
    assert made.cost == Cost(amount=round(3 * (400 * 10 + 600 * 1 + 100 * 100) / 1e6, 6), currency="USD")


def test_when_all_fail_the_chart_is_held_with_the_draft_there_was() -> None:
    blocked = hands_in('{"codes": [{"code": "E11.9", "evidence": [{"document": "note", "quote": "asthma"}]}]}')
    one, _ = model(1, TURN, DONE, blocked, blocked, httpx2.Response(400))
    two, _ = model(2, httpx2.Response(400))
    result = code(one, two)
    assert (result.disposition, [item.code for item in result.codes]) == ("held", ["E11.9"])
    assert result.error == "model m1: the endpoint refuses the request (HTTP 400)"
    assert result.provenance is not None
    assert [item.model for item in result.provenance.fallbacks] == ["m2"]


@pytest.mark.parametrize("at_once", [1, 4])
def test_charts_coded_at_once_share_nothing_but_the_endpoint(at_once: int) -> None:
    from records.formats import Received
    from service.coding import code_all

    most, running, lock = 0, 0, threading.Lock()

    class Counting(ScriptedServer):
        def _handle(self, request: httpx2.Request) -> httpx2.Response:
            nonlocal most, running
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.02)
            body = request.content.decode()
            answer = HANDS_IN if '"tool_choice"' in body else DONE if '"role":"tool"' in body.replace(" ", "") else TURN
            with lock:
                running -= 1
            return httpx2.Response(200, json=answer)

    asked = OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), Counting(DONE))
    received = [Received(id=f"enc-{n}", place="here", chart=chart(encounter_id=f"enc-{n}")) for n in range(12)]
    done = list(code_all(received, asked, POLICY, at_once))
    assert [one.result.id for one in done] == [one.id for one in received]
    assert {one.result.disposition for one in done} == {"final_coded"}
    assert (most > 1) == (at_once > 1)
    assert most <= at_once
