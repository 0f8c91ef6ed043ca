"""An endpoint that is down is left alone, by every chart that shares it, and tried again after a while."""

import httpx2
import pytest

from agent.model import ModelFailure
from agent.models.openai.breaker import Breaker
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from agent.models.openai.transport import Transport
from tests.agent.scripted import Clock, Scripted, ScriptedServer, chart, completion

GOOD = completion("fine")
DOWN = httpx2.ConnectError("down")
ALONE = "the endpoint has failed again and again and is left alone for a while"


def transport(server: ScriptedServer, clock: Clock, **changed: object) -> Transport:
    endpoint = Endpoint.model_validate({"base_url": "http://127.0.0.1:9/v1", "model": "m", "attempts": 1, **changed})
    return Transport(endpoint, server, clock, clock.sleep, jitter=lambda: 1.0)


def ask(way: Transport) -> str:
    try:
        return str(way.ask({"messages": []}, 10_000.0).content)
    except ModelFailure as failure:
        return failure.reason


def test_after_so_many_failures_in_a_row_nothing_is_sent_until_the_time_is_over() -> None:
    server, clock = ScriptedServer(DOWN), Clock()
    way = transport(server, clock, breaker_failures=3, breaker_seconds=30)
    assert [ask(way) for _ in range(5)] == ["the endpoint cannot be reached"] * 3 + [ALONE] * 2
    assert len(server.requests) == 3
    clock.now = 29.9
    assert ask(way) == ALONE
    clock.now = 30.0
    assert [ask(way), ask(way)] == ["the endpoint cannot be reached", ALONE], "one request tries, and decides"
    server.answers = [GOOD]
    clock.now = 60.0
    assert [ask(way), ask(way)] == ["fine", "fine"]


@pytest.mark.parametrize("answer", [httpx2.Response(429), httpx2.Response(400), httpx2.Response(401), b"<html>", GOOD])
def test_an_endpoint_that_answers_is_not_down(answer: Scripted) -> None:
    server = ScriptedServer(answer)
    way = transport(server, Clock(), breaker_failures=2)
    assert ALONE not in [ask(way) for _ in range(6)]
    assert len(server.requests) == 6


def test_an_answer_between_begins_the_count_anew() -> None:
    server = ScriptedServer(DOWN, GOOD, DOWN, GOOD, DOWN, GOOD)
    way = transport(server, Clock(), breaker_failures=2)
    assert [ask(way) for _ in range(6)].count("fine") == 3


def test_the_charts_of_a_model_share_it_and_so_may_two_models_of_one_endpoint() -> None:
    server, clock, breaker = ScriptedServer(httpx2.Response(503)), Clock(), Breaker(failures=2)
    breaker.clock = clock
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", attempts=1)
    one, other = (OpenAIModel(endpoint, server, clock, clock.sleep, breaker=breaker) for _ in range(2))
    reasons = []
    for model in (one, one, other):
        with pytest.raises(ModelFailure) as caught:
            model.begin(chart()).turn([], [])
        reasons.append(caught.value.reason)
    assert reasons == ["the endpoint failed (HTTP 503)"] * 2 + [ALONE]


def test_a_try_that_says_nothing_of_the_endpoint_leaves_it_to_the_next() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, seconds=5, clock=clock)
    breaker.failed()
    clock.now = 5.0
    assert (breaker.admits(), breaker.admits()) == (True, False)
    breaker.abandoned()
    assert breaker.admits()
