"""A long chart is read at a third of the naive prompt's tokens or less, to the same codes, and to its end."""

import json
from typing import Any

from agent.coding import code_chart
from agent.messages import Message, Reply
from evals.economy.__main__ import AT_LEAST, holds, line
from evals.economy.charts import long_chart
from evals.economy.measure import Economy, economy
from evals.economy.reader import EconomicalReader
from guardrails.policy import load_policy


def test_a_long_chart_costs_less_and_leads_to_the_same_codes() -> None:
    one = economy(long_chart(documents=100, characters=200_000, conditions=5, seed=3))
    assert one.characters >= 200_000
    assert one.documents == 100
    assert one.same_codes
    assert len(one.codes) >= 4
    assert one.unread == 0
    assert one.ratio >= AT_LEAST
    assert one.fresh <= one.sent < one.naive_categories, "cheaper even than the chart with the categories alone"
    assert holds(one)
    assert "the same" in line(one)


def test_whatever_a_reader_of_a_long_chart_leaves_out_is_a_finding() -> None:
    class Hasty(EconomicalReader):
        """It asks for the conditions that are present alone, and for the assessments."""

        def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
            reply = super().turn(messages, tools)
            only = json.dumps({"assertion": "present"})
            calls = [
                one.model_copy(update={"arguments": only}) if one.name == "list_conditions" else one for one in reply.tool_calls
            ]
            return reply.model_copy(update={"tool_calls": tuple(calls)})

    chart = long_chart(documents=100, characters=200_000, conditions=5, seed=3)
    result = code_chart("long", chart, Hasty(), load_policy("straight_through"))
    (unread,) = (finding for finding in result.findings if finding.rule_id == "RN-003")
    assert unread.message.endswith("of 100 document(s) were not read to the end.")
    assert result.codes
    assert result.disposition != "final_coded"


def test_the_promise_can_be_broken() -> None:
    kept = Economy(1, 1, (), True, 0, 1, sent=100, fresh=1, naive_all_codes=300, naive_categories=1)
    assert holds(kept)
    for broken in ({"sent": 101}, {"same_codes": False}, {"unread": 1}):
        assert not holds(Economy(**{**vars(kept), **broken}))


def test_the_charts_are_the_same_each_time_and_differ_by_seed() -> None:
    assert long_chart(5, 5_000, 2, 1) == long_chart(5, 5_000, 2, 1)
    assert long_chart(5, 5_000, 2, 1) != long_chart(5, 5_000, 2, 2)
