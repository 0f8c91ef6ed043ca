"""Fitting: the scores of a chart never rest on that chart, and they say how often codes like it are right."""

from __future__ import annotations

import hashlib
import random
from itertools import pairwise

import pytest

from agent.calibration import Calibration
from evals.fit import FitError, Gathered, Unit, cuts, fit, out_of_fold, scored_out_of_fold, usable
from evals.reliability import bins, brier, calibration_error


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def gathered(charts: int, seed: int = 1, noise: float = 0.0) -> Gathered:
    """Two codes a chart; ``strong`` says how likely a code is to be right, ``noise`` says nothing."""
    drawn = random.Random(seed)
    found = Gathered(models={"offline/1"})
    for number in range(charts):
        chart = sha(seed * 100_000 + number)
        units = []
        for code in ("I10", "E11.9"):
            strong = drawn.random()
            signals = {"strong": strong, "noise": drawn.random() * noise, "codes": 1.0}
            units.append(Unit(chart, signals, drawn.random() < strong, code))
        found.codes += units
        found.charts[chart] = all(unit.right for unit in units)
    return found


def test_scores_out_of_fold_are_what_they_say() -> None:
    scored = scored_out_of_fold(gathered(800), None)
    error, spread = calibration_error(scored), brier(scored)
    assert error is not None
    assert spread is not None
    assert error < 0.05
    assert spread < 0.19  # always saying one half would be 0.25; nobody can do better than 1/6 here


def test_a_chart_is_scored_without_itself() -> None:
    # The signal names the chart, and right and wrong are a coin: who has seen the chart knows, who has not cannot.
    drawn = random.Random(3)
    signals = [{f"chart{number}": float(number == chart) for number in range(60)} for chart in range(60)]
    units = [Unit(sha(chart), signals[chart], drawn.random() < 0.5) for chart in range(60)]
    scores = out_of_fold(units, None)
    right = [score for score, unit in zip(scores, units, strict=True) if unit.right]
    wrong = [score for score, unit in zip(scores, units, strict=True) if not unit.right]
    assert sum(right) / len(right) - sum(wrong) / len(wrong) < 0.1


def test_the_order_of_the_charts_does_not_matter() -> None:
    found = gathered(40)
    turned = Gathered(list(reversed(found.codes)), dict(reversed(found.charts.items())), found.models)
    one, other = fit(found, ["a"]), fit(turned, ["a"])
    assert one.training == other.training
    assert one.codes.weights == pytest.approx(other.codes.weights, abs=1e-3)


def test_little_gold_starts_from_the_calibration_that_ships() -> None:
    shipped, own = fit(gathered(600, noise=1.0), ["shipped"]), gathered(15, seed=7, noise=1.0)
    assert _brier(own, shipped) < _brier(own, None)


def _brier(found: Gathered, base: Calibration | None) -> float:
    return brier(scored_out_of_fold(found, base)) or 0.0


def test_a_calibration_that_has_seen_a_chart_or_is_of_another_model_is_no_start() -> None:
    found = gathered(20)
    shipped = fit(found, ["shipped"])
    assert usable(shipped, "offline/1", gathered(5, seed=2).charts) is shipped
    assert usable(shipped, "offline/1", list(found.charts)[:1]) is None
    assert usable(shipped, "openai/x", gathered(5, seed=2).charts) is None


def test_with_many_codes_the_curve_is_isotonic_and_rises() -> None:
    curve = fit(gathered(700), ["many"]).codes.curve
    assert all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(curve))
    assert curve[0][1] < 0.2
    assert curve[-1][1] > 0.8


@pytest.mark.parametrize("right", [True, False])
def test_where_all_are_right_or_wrong_all_score_alike(right: bool) -> None:
    units = [Unit(sha(number), {"a": float(number)}, right) for number in range(30)]
    scores = set(out_of_fold(units, None))
    assert max(scores) - min(scores) < 0.01
    assert (min(scores) > 0.9) is right


def test_a_cut_counts_the_codes_that_score_at_least_so_much() -> None:
    found = cuts([(0.9, True), (0.8, False), (0.8, True), (0.5, True)])
    assert [(cut.score, cut.codes, cut.right) for cut in found] == [(0.9, 1, 1), (0.8, 3, 2), (0.5, 4, 3)]
    assert len(cuts([(number / 1000, True) for number in range(1000)])) <= 41


def test_bins_hold_every_code_once() -> None:
    found = bins([(number / 20, number % 2 == 0) for number in range(20)], 4)
    assert [(one.codes, one.right) for one in found] == [(5, 3), (5, 2), (5, 3), (5, 2)]


@pytest.mark.parametrize("found", [gathered(2), Gathered(), Gathered(gathered(9).codes, gathered(9).charts, {"a", "b"})])
def test_what_cannot_be_fitted_is_refused(found: Gathered) -> None:
    with pytest.raises(FitError):
        fit(found, ["none"])
