"""Two runs compared: flips, and a difference told from noise."""

from __future__ import annotations

from itertools import product

import pytest

from evals.compare import CompareError, compare, mcnemar
from evals.results import Outcome

RIGHT = Outcome(correct=("I10",), exact=True)
WRONG = Outcome(extra=("I11.9",), missed=("I10",))


def test_flips_say_what_became_of_each_code() -> None:
    before = {"a": Outcome(correct=("I10",), missed=("E11.9",), extra=("R05.9",)), "b": RIGHT}
    after = {"a": Outcome(correct=("E11.9",), missed=("I10",), neutral=("Z79.4",)), "b": RIGHT, "c": RIGHT}
    found = compare(before, after, draws=10)
    assert [(flip.code, flip.before, flip.after, flip.better) for flip in found.flips] == [
        ("E11.9", "missed", "correct", True),
        ("I10", "correct", "missed", False),
        ("R05.9", "extra", "absent", True),
        ("Z79.4", "absent", "neutral", None),
    ]
    assert (found.charts, found.only_a, found.only_b, found.better, found.worse) == (2, 0, 1, 2, 1)


def test_p_is_the_share_of_swaps_with_as_large_a_difference() -> None:
    # Four charts, all better in B: of the 16 ways to swap them two give as large a difference, none and all.
    a, b = dict.fromkeys("abcd", WRONG), dict.fromkeys("abcd", RIGHT)
    found = compare(a, b, draws=20_000)
    assert found.difference == 1
    assert found.p == pytest.approx(2 / 16, abs=0.01)
    assert not found.told


def test_the_interval_and_the_test_tell_a_change_from_none() -> None:
    a = {str(number): WRONG if number < 30 else RIGHT for number in range(60)}
    b = {str(number): WRONG if number < 10 else RIGHT for number in range(60)}
    found = compare(a, b, draws=2000)
    assert found.told
    assert found.interval is not None
    assert found.interval[0] > 0
    same = compare(a, a, draws=2000)
    assert (same.p, same.interval, same.flips) == (1.0, (0.0, 0.0), ())


def test_mcnemar_is_exact() -> None:
    for won, lost in product(range(5), range(5)):
        number, least = won + lost, min(won, lost)
        flips = [sum(bits) for bits in product((0, 1), repeat=number)]
        expected = sum(count <= least or count >= number - least for count in flips) / len(flips)
        assert mcnemar(won, lost) == pytest.approx(expected)


def test_runs_without_a_common_chart_cannot_be_compared() -> None:
    with pytest.raises(CompareError):
        compare({"a": RIGHT}, {"b": RIGHT})
