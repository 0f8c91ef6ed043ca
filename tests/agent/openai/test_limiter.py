"""No more requests and tokens a minute than the operator allows, over all charts of an endpoint; time is not wasted waiting."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.model import ModelFailure
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.limiter import Limiter
from agent.models.openai.model import OpenAIModel
from agent.models.openai.transport import Transport
from tests.agent.scripted import Clock, ScriptedServer, chart, completion


def waits(limiter: Limiter, *tokens: int) -> list[float]:
    return [limiter.reserve(one) for one in tokens]


def test_requests_beyond_the_minute_wait_their_turn_in_the_order_they_came() -> None:
    limiter = Limiter(requests_per_minute=2, clock=Clock())
    assert waits(limiter, 0, 0, 0, 0) == [0, 0, 30, 60]


def test_tokens_are_reserved_and_settled_by_what_the_endpoint_counted() -> None:
    clock = Clock()
    limiter = Limiter(tokens_per_minute=600, clock=clock)
    assert waits(limiter, 600, 100) == [0, 10]
    limiter.settle(600, 100)  # 500 fewer than thought
    assert waits(limiter, 400, 60) == [0, 6]
    clock.now = 1000.0
    assert waits(limiter, 600, 6) == [0, pytest.approx(0.6)], "a quiet hour saves up one minute, not an hour"


def test_without_limits_nobody_waits() -> None:
    assert waits(Limiter(), *[10**9] * 5) == [0] * 5


def test_the_transport_waits_and_gives_up_before_its_deadline() -> None:
    server, clock = ScriptedServer(completion("fine")), Clock()
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", requests_per_minute=1)
    way = Transport(endpoint, server, clock, clock.sleep)
    assert [way.ask({"messages": []}, 600.0).content for _ in range(3)] == ["fine"] * 3
    assert clock.slept == [60.0, 60.0]
    with pytest.raises(ModelFailure) as caught:
        way.ask({"messages": []}, clock.now + 59)
    assert caught.value.reason == "the rate limit of the endpoint leaves no time for this chart"
    assert len(server.requests) == 3
    assert way.ask({"messages": []}, clock.now + 61).content == "fine", "the place that was given up is free again"


def test_the_size_of_a_request_counts_before_the_answer_says_what_it_was() -> None:
    server, clock = ScriptedServer(completion("fine", usage={"prompt_tokens": 500, "completion_tokens": 100})), Clock()
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", tokens_per_minute=600)
    way = Transport(endpoint, server, clock, clock.sleep)
    request = {"messages": [{"role": "user", "content": "x" * 400}]}
    way.ask(request, 600.0)
    way.ask(request, 600.0)
    assert len(clock.slept) == 1
    assert 8 < clock.slept[0] < 15


def test_charts_at_once_share_the_places_and_none_is_given_twice() -> None:
    server, slept = ScriptedServer(completion("fine")), list[float]()
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", requests_per_minute=2, deadline=10_000)
    model = OpenAIModel(endpoint, server, lambda: 0.0, slept.append)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: model.begin(chart(encounter_id=str(number))).turn([], []), range(12)))
    assert sorted(slept) == [30.0 * place for place in range(1, 11)]
