"""The report: its keys, what is null in it, and its intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from evals.aggregate import intervals
from evals.score import score, split
from evals.scorers import SCORERS
from evals.scorers.codes import CODES
from evals.table import table
from tests.evals.made import case, group, predicted, result

KEYS = {
    "charts": None,
    "failed": None,
    "codes": {"precision", "recall", "f1", "macro_f1", "predicted", "correct", "gold_must"},
    "category": {"precision", "recall", "f1"},
    "chart_exact": None,
    "first_listed": {"accuracy"},
    "principal": None,
    "poa": {"accuracy"},
    "overcoding": None,
    "undercoding": None,
    "evidence": {"verbatim", "overlap_f1", "exact_f1"},
    "traps": {"total", "coded"},
    "queries": {"expected", "raised", "precision"},
    "routing": {"final_coded_charts", "final_coded_share", "final_coded_code_precision", "final_coded_chart_precision"},
    "coverage_at": {"0.95", "0.97"},
    "errors": {"sibling", "category", "chapter", "out_of_set", "missed", "extra"},
    "tokens": None,
    "cost": None,
    "seconds": None,
}


def right() -> Any:
    return case([group("E11.9")], result(predicted("E11.9", "Type 2 diabetes")))


def wrong() -> Any:
    return case([group("E11.9")], result(predicted("I10", "Hypertension")))


def test_the_keys_of_the_report() -> None:
    report = score([right(), wrong()], draws=20)
    assert set(report) == {*KEYS, "intervals"}
    for key, inner in KEYS.items():
        assert (set(report[key]) if inner else None) == inner, key
    assert all(set(level) == {"codes", "charts"} for level in report["coverage_at"].values())


def test_what_could_not_be_scored_is_null_with_its_interval() -> None:
    report = score([right()], draws=20)
    unscored = (report["principal"], report["poa"]["accuracy"], report["evidence"]["overlap_f1"], report["traps"]["coded"])
    assert unscored == (None, None, None, None)
    assert report["intervals"]["principal"] is report["intervals"]["coverage_at.0.95.codes"] is None


def test_every_rate_has_an_interval_around_it() -> None:
    report = score([right(), wrong()] * 20, draws=200)
    rates = [rate for scorer in SCORERS for rate in scorer.rates]
    assert set(report["intervals"]) == set(rates)
    scored = [(bounds, _figure(report, rate)) for rate, bounds in report["intervals"].items() if bounds]
    assert len(scored) > 8
    assert all(low <= figure <= high for (low, high), figure in scored)


def _figure(report: Any, key: str) -> float:
    for part in split(key):
        report = report[part]
    return float(report)


def test_the_interval_is_the_one_of_the_binomial() -> None:
    # Half of 100 charts right, a code each: the precision of a resample is binomial, 0.5 with a deviation of 0.05.
    sheet = CODES.sheet()
    for one in [right(), wrong()] * 50:
        sheet.add(one)
    low, high = intervals([CODES], [sheet], 100, draws=4000)["codes.precision"] or (0, 0)
    assert math.isclose(low, 0.5 - 1.96 * 0.05, abs_tol=0.015)
    assert math.isclose(high, 0.5 + 1.96 * 0.05, abs_tol=0.015)


def test_intervals_are_the_same_every_time() -> None:
    assert score([right(), wrong()], draws=50) == score([right(), wrong()], draws=50)


def test_a_set_without_charts_has_no_rates() -> None:
    report = score([], draws=10)
    assert report["charts"] == 0
    assert report["codes"]["f1"] is report["chart_exact"] is None
    assert set(report["intervals"].values()) == {None}


def test_the_table_has_a_line_for_every_figure() -> None:
    report = score([right(), wrong()], draws=20)
    lines = table(report).splitlines()
    assert len(lines) == sum(1 for _ in _leaves({key: value for key, value in report.items() if key != "intervals"}))
    assert next(line for line in lines if line.startswith("principal")).split() == ["principal", "-"]


def _leaves(level: Any) -> Iterator[Any]:
    for value in level.values():
        yield from _leaves(value) if isinstance(value, dict) else [value]
