"""The caps of one run, one after the other."""

import pytest

from agent.budget import Budget, Limits, limits_of
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from tests.agent.scripted import Clock, ScriptedModel, ScriptedServer


@pytest.mark.parametrize(
    ("turns", "calls", "seconds", "said"),
    [(2, 4, 9.9, ""), (3, 0, 0.0, "3 turns"), (0, 5, 0.0, "5 tool calls"), (0, 0, 10.0, "10 seconds"), (3, 5, 10.0, "3 turns")],
)
def test_a_limit_is_hit_when_it_is_reached(turns: int, calls: int, seconds: float, said: str) -> None:
    clock = Clock()
    budget = Budget(Limits(turns=3, tool_calls=5, seconds=10.0), clock)
    budget.turns, budget.tool_calls, clock.now = turns, calls, seconds
    assert budget.exceeded == said
    assert budget.seconds == seconds


def test_a_run_may_take_as_long_as_the_operator_gives_a_chart() -> None:
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", deadline=1800)
    assert limits_of(OpenAIModel(endpoint, ScriptedServer({}))) == Limits(seconds=1800)
    assert limits_of(ScriptedModel()) == Limits()
