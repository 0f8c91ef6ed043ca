"""Fitting a calibration: a logistic regression of right and wrong on the signals, and a curve that makes its sums shares.

The regression starts from the calibration that ships where the charts are new to it: little gold then moves it a little, much
gold a lot. The curve is fitted on sums of charts the regression had not seen: a logistic curve (Platt 1999), with a thousand
codes or more an isotonic one (Zadrozny and Elkan 2002). How good the scores are is told of charts that neither had seen.
Charts are dealt into folds by their hash: all codes of a chart stay together, and the order of the set does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from agent.calibration import SEEN, Calibration, Cut, Scale, Training, chart_signals
from evals.case import Case
from evals.curve import DIGITS, Array, curve

FOLDS = 10
CURVE_FOLDS = 5
MIN_CHARTS = 5
CUTS_AT_MOST = 40
_STRENGTH = 0.05
_TRUST = 10.0


@cache
def _one(value: Any) -> Any:
    """The first value that was equal to this one."""
    return value


class FitError(Exception):
    """Gold from which no calibration can be fitted. One line."""


class Unit:
    """One thing that is right or wrong: a code of a chart, or a whole chart. A long set has many, so equal values are one."""

    __slots__ = ("_names", "_values", "chart", "code", "right")

    def __init__(self, chart: str, signals: Mapping[str, float], right: bool, code: str = "") -> None:
        self.chart, self.code, self.right = chart, code, right
        self._names: tuple[str, ...] = _one(tuple(signals))
        self._values: tuple[float, ...] = tuple(map(_one, map(float, signals.values())))

    @property
    def signals(self) -> dict[str, float]:
        """Its signals by name."""
        return dict(zip(self._names, self._values, strict=True))


@dataclass
class Gathered:
    """The units of all charts seen, and what they were made by. ``add`` is told of every scored chart."""

    codes: list[Unit] = field(default_factory=list)
    charts: dict[str, bool] = field(default_factory=dict)
    models: set[str] = field(default_factory=set)

    def add(self, case: Case) -> None:
        """Take a scored chart; one that failed, or has no signals, teaches nothing."""
        result, chart = case.result, case.gold_chart.chart
        if case.failed or result is None or result.provenance is None or chart is None:
            return
        self.models.add(result.provenance.model)
        self.charts[chart.sha256] = case.exact
        for prediction, right in case.counted:
            if told := result.signals.get(prediction.assignment.code):
                self.codes.append(Unit(chart.sha256, told, right, prediction.code))


def fit(gathered: Gathered, sets: Sequence[str], base: Calibration | None = None, version: int = 1) -> Calibration:
    """The calibration of what was gathered. FitError when it is too little, or of several models."""
    if len(gathered.models) != 1:
        raise FitError("all charts must be coded by one model")
    if len({unit.chart for unit in gathered.codes}) < MIN_CHARTS:
        raise FitError(f"at least {MIN_CHARTS} coded charts are needed")
    (model,) = gathered.models
    base = usable(base, model, gathered.charts)
    held_out = [score for score, _ in scored_out_of_fold(gathered, base)]
    charts = _chart_units(gathered, held_out)
    right = sum(unit.right for unit in gathered.codes)
    training = Training(
        sets=tuple(sets),
        charts=len(gathered.charts),
        codes=len(gathered.codes),
        right=right,
        sha256=_hash(gathered),
        seen=frozenset(chart[:SEEN] for chart in gathered.charts),
    )
    return Calibration(
        version=version,
        model=model,
        codes=_scale(gathered.codes, _codes(base)),
        charts=_scale(charts, base.charts if base else None) if len(charts) >= MIN_CHARTS else None,
        cuts=cuts([(score, unit.right) for score, unit in zip(held_out, gathered.codes, strict=True)]),
        training=training,
    )


def scored_out_of_fold(gathered: Gathered, base: Calibration | None) -> list[tuple[float, bool]]:
    """The score of every code by a calibration that has not seen its chart, and whether the code is right."""
    model = next(iter(gathered.models), "")
    scores = out_of_fold(gathered.codes, _codes(usable(base, model, gathered.charts)))
    return [(score, unit.right) for score, unit in zip(scores, gathered.codes, strict=True)]


def _codes(base: Calibration | None) -> Scale | None:
    return base.codes if base else None


def usable(base: Calibration | None, model: str, charts: Iterable[str]) -> Calibration | None:
    """The calibration to start from: none that is of another model, and none that has seen one of the charts."""
    if base is None or base.model != model or any(map(base.has_seen, charts)):
        return None
    return base


def out_of_fold(units: Sequence[Unit], base: Scale | None, folds: int = FOLDS, more: Sequence[Unit] = ()) -> list[float]:
    """The score of every unit by a scale that was fitted without its chart. ``more`` units are scored, but teach nothing."""
    everything = [*units, *more]
    scores = [0.0] * len(everything)
    for train, held in _folds(everything, folds, 0):
        scale = _scale([units[index] for index in train if index < len(units)], base)
        for index in held:
            at = scale.sum(everything[index].signals)
            scores[index] = scale.share(-np.inf if at is None else at)
    return scores


def cuts(scored: Sequence[tuple[float, bool]]) -> tuple[Cut, ...]:
    """How many codes scored at least so much, and how many of them were right: at most forty scores, evenly over the codes."""
    ranked = sorted(scored, key=lambda one: -one[0])
    ends = [place for place in range(1, len(ranked) + 1) if place == len(ranked) or ranked[place][0] < ranked[place - 1][0]]
    step = max(1, len(ends) // CUTS_AT_MOST)
    kept = sorted({*ends[step - 1 :: step], *ends[-1:]})
    rights = np.cumsum([right for _, right in ranked])
    return tuple(Cut(score=_down(ranked[end - 1][0]), codes=end, right=int(rights[end - 1])) for end in kept)


def _down(score: float) -> float:
    """Rounded down, as scores are rounded to four places: the code at the cut must reach it."""
    return float(np.floor(score * 1e4) / 1e4)


def _scale(units: Sequence[Unit], base: Scale | None) -> Scale:
    told = [unit.signals for unit in units]
    names = tuple(sorted({name for one in told for name in one}))
    table = np.array([[one.get(name, 0.0) for name in names] for one in told])
    right = np.array([unit.right for unit in units])
    weights, intercept = _regression(names, table, right, base)
    sums = np.zeros(len(units))
    for train, held in _folds(units, CURVE_FOLDS, 8):
        inner, start = _regression(names, table[train], right[train], base)
        sums[held] = table[held] @ inner + start
    return Scale(
        signals=names,
        weights=tuple(round(float(weight), DIGITS) for weight in weights),
        intercept=round(intercept, DIGITS),
        curve=curve(sums, right),
    )


def _regression(names: tuple[str, ...], table: Array, right: Any, base: Scale | None) -> tuple[Array, float]:
    """Weights and intercept over the raw signals. Where all are right, or all wrong, nothing tells them apart."""
    if right.all() or not right.any():
        return np.zeros(len(names)), 0.0
    from sklearn.linear_model import LogisticRegression

    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread < 1e-9] = 1.0
    known = np.zeros(len(names)) if base is None else _aligned(base, names)
    start = 0.0 if base is None else base.intercept
    columns = (table - mean) / spread
    # What ships is trusted: moving away from it costs a hundred times what following it costs.
    columns = np.hstack([columns, _TRUST * (table @ known + start)[:, None]])
    fitted = LogisticRegression(C=_STRENGTH, max_iter=5000).fit(columns, right)
    own, trust = fitted.coef_[0][:-1] / spread, _TRUST * fitted.coef_[0][-1]
    return own + trust * known, float(fitted.intercept_[0] - own @ mean + trust * start)


def _aligned(scale: Scale, names: tuple[str, ...]) -> Array:
    weights = dict(zip(scale.signals, scale.weights, strict=True))
    return np.array([weights.get(name, 0.0) for name in names])


def _chart_units(gathered: Gathered, held_out: Sequence[float]) -> list[Unit]:
    """Charts with codes, by the scores their codes had out of fold."""
    by_chart: dict[str, list[tuple[float, dict[str, float]]]] = {}
    for score, unit in zip(held_out, gathered.codes, strict=True):
        by_chart.setdefault(unit.chart, []).append((score, unit.signals))
    return [Unit(chart, chart_signals(codes), gathered.charts[chart]) for chart, codes in by_chart.items()]


def _folds(units: Sequence[Unit], folds: int, digit: int) -> Iterator[tuple[list[int], list[int]]]:
    """The charts dealt by their hash; a fold that got none is passed over."""
    dealt = [int(unit.chart[digit : digit + 8], 16) % folds for unit in units]
    for fold in range(folds):
        held = [index for index, one in enumerate(dealt) if one == fold]
        train = [index for index, one in enumerate(dealt) if one != fold]
        if held and train:
            yield train, held


def _hash(gathered: Gathered) -> str:
    lines = sorted(f"{unit.chart} {unit.code} {int(unit.right)}" for unit in gathered.codes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
