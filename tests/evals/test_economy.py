"""A long chart is read at a third of the naive prompt's tokens or less, to the same codes, and to its end."""

from evals.economy.__main__ import AT_LEAST, holds, line
from evals.economy.charts import long_chart
from evals.economy.measure import Economy, economy


def test_a_long_chart_costs_less_and_leads_to_the_same_codes() -> None:
    chart = long_chart(documents=40, characters=60_000, conditions=5, seed=3)
    one = economy(chart)
    assert one.characters >= 60_000
    assert one.documents == 40
    assert one.same_codes
    assert len(one.codes) >= 4
    assert one.unread == 0
    assert one.ratio >= AT_LEAST
    assert one.fresh <= one.sent < one.naive_categories, "cheaper even than the chart with the categories alone"
    assert holds(one)
    assert "the same" in line(one)


def test_the_promise_can_be_broken() -> None:
    kept = Economy(1, 1, (), True, 0, 1, sent=100, fresh=1, naive_all_codes=300, naive_categories=1)
    assert holds(kept)
    for broken in ({"sent": 101}, {"same_codes": False}, {"unread": 1}):
        assert not holds(Economy(**{**vars(kept), **broken}))


def test_the_charts_are_the_same_each_time_and_differ_by_seed() -> None:
    assert long_chart(5, 5_000, 2, 1) == long_chart(5, 5_000, 2, 1)
    assert long_chart(5, 5_000, 2, 1) != long_chart(5, 5_000, 2, 2)
