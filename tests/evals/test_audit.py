"""The mathematics of an audit against worked examples."""

from __future__ import annotations

import random

import pytest

from evals.audit import Accuracy, Sequential, Verdict, audit, sample, sample_size
from evals.results import Outcome


def test_accuracy_by_code_and_by_chart() -> None:
    right = Outcome(correct=("I10", "E11.9"), exact=True)
    over = Outcome(correct=("I10",), extra=("R05.9",))
    under = Outcome(correct=("I10",), missed=("E11.9",))
    found = audit([right, over, under])
    assert found.code_over_code == Accuracy(4, 5)
    assert found.chart_over_chart == Accuracy(1, 3)
    assert (found.overcoded, found.undercoded) == (1, 1)
    assert audit([]).code_over_code.share is None


def test_the_sample_is_of_final_charts_and_anybody_with_the_seed_draws_it() -> None:
    charts = {str(number): Outcome(final=number % 2 == 0) for number in range(100)}
    drawn = sample(charts, 10, "june")
    assert len(set(drawn)) == 10
    assert all(charts[chart].final for chart in drawn)
    assert drawn == sample(dict(reversed(charts.items())), 10, "june") != sample(charts, 10, "july")
    assert set(drawn) < set(sample(charts, 20, "june"))  # a larger sample goes on where the smaller stopped


def test_sample_sizes_are_those_of_the_textbook() -> None:
    assert sample_size(0.5, 0.05) == 385
    assert sample_size(0.95, 0.05) == 73
    assert sample_size(0.5, 0.05, population=1000) == 278


def test_the_sequential_test_stops_where_walds_lines_are() -> None:
    plan = Sequential(good=0.03, bad=0.10)
    assert plan.verdict(0, plan.needed()) == "pass"
    assert plan.verdict(0, plan.needed() - 1) == "go on"
    assert plan.stops([True, True, True]) == ("fail", 3)
    assert plan.stops([False] * 10) == ("go on", 10)


@pytest.mark.parametrize(("rate", "wrong"), [(0.03, "fail"), (0.10, "pass")])
def test_the_sequential_test_is_seldom_wrong(rate: float, wrong: Verdict) -> None:
    drawn = random.Random(5)
    plan = Sequential(good=0.03, bad=0.10)
    verdicts = [plan.stops([drawn.random() < rate for _ in range(2000)])[0] for _ in range(1000)]
    assert "go on" not in verdicts
    assert verdicts.count(wrong) / 1000 <= 0.065  # one in twenty, and what a thousand draws may be off by


@pytest.mark.parametrize(("good", "bad"), [(0.1, 0.03), (0.0, 0.1), (0.1, 1.0)])
def test_a_plan_that_makes_no_sense_is_refused(good: float, bad: float) -> None:
    with pytest.raises(ValueError, match="good < bad"):
        Sequential(good, bad)
