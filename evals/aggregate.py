"""How what is seen on single charts becomes figures of a whole set, and how sure those figures are.

A scorer says which of these it is. All three can be computed on a set in which some charts stand more than once, which is
how the intervals are made: by drawing charts anew, with replacement, again and again (bootstrap by chart).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from evals.case import Case

Figure = float | int | None
Counts = Mapping[str, float]
Weights = npt.NDArray[np.int64]
Array = npt.NDArray[Any]


def ratio(part: float, whole: float) -> float | None:
    """A share; None when there is nothing to take a share of."""
    return part / whole if whole else None


def f1(correct: float, predicted: float, wanted: float) -> float | None:
    """The harmonic mean of precision and recall; None when nothing was wanted and nothing predicted."""
    return ratio(2 * correct, predicted + wanted)


class Scorer(Protocol):
    """One part of the score. Keys are dotted names in the report."""

    @property
    def rates(self) -> tuple[str, ...]:
        """The keys that are shares and get an interval."""

    def measure(self, cases: Sequence[Case]) -> dict[str, Figure]:
        """The figures of a set."""

    def resample(self, cases: Sequence[Case], weights: Weights) -> dict[str, list[Figure]]:
        """Each rate in every resample; ``weights`` has a row a resample, with how often each chart stands in it."""


@dataclass(frozen=True)
class Pooled:
    """Counts are added up over all charts; then the figures are taken from the sums (micro averaging)."""

    tally: Callable[[Case], Counts]
    figures: Callable[[defaultdict[str, float]], dict[str, Figure]]
    rates: tuple[str, ...] = ()

    def measure(self, cases: Sequence[Case]) -> dict[str, Figure]:
        sums: defaultdict[str, float] = defaultdict(float)
        for case in cases:
            for name, number in self.tally(case).items():
                sums[name] += number
        return self.figures(sums)

    def resample(self, cases: Sequence[Case], weights: Weights) -> dict[str, list[Figure]]:
        if not self.rates:
            return {}
        tallies = [self.tally(case) for case in cases]
        names = sorted({name for tally in tallies for name in tally})
        table = np.array([[tally.get(name, 0.0) for name in names] for tally in tallies]).reshape(len(tallies), len(names))
        drawn: dict[str, list[Figure]] = {rate: [] for rate in self.rates}
        for sums in (weights @ table).tolist():
            figures = self.figures(defaultdict(float, zip(names, sums, strict=True)))
            for rate in self.rates:
                drawn[rate].append(figures[rate])
        return drawn


@dataclass(frozen=True)
class PerCode:
    """An F1 for every code that is wanted or predicted anywhere, and their plain mean (macro averaging).

    ``tally`` yields (code, correct, predicted, wanted).
    """

    key: str
    tally: Callable[[Case], Sequence[tuple[str, int, int, int]]]

    @property
    def rates(self) -> tuple[str, ...]:
        return (self.key,)

    def measure(self, cases: Sequence[Case]) -> dict[str, Figure]:
        return {self.key: self.resample(cases, np.ones((1, len(cases)), dtype=np.int64))[self.key][0]}

    def resample(self, cases: Sequence[Case], weights: Weights) -> dict[str, list[Figure]]:
        places: dict[str, int] = {}
        entries = [
            (chart, places.setdefault(code, len(places)), *n) for chart, case in enumerate(cases) for code, *n in self.tally(case)
        ]
        if not entries:
            return {self.key: [None] * len(weights)}
        chart, code, correct, predicted, wanted = np.array(entries).T
        return {self.key: [_macro(row[chart], code, correct, predicted + wanted, len(places)) for row in weights]}


def _macro(
    weight: npt.NDArray[Any], code: npt.NDArray[Any], correct: npt.NDArray[Any], both: npt.NDArray[Any], size: int
) -> Figure:
    right = np.bincount(code, weights=weight * correct, minlength=size)
    whole = np.bincount(code, weights=weight * both, minlength=size)
    seen = whole > 0
    return float(np.mean(2 * right[seen] / whole[seen])) if seen.any() else None


@dataclass(frozen=True)
class Ranked:
    """Charts or codes are ordered by score, the surest first; the figure is the largest share that keeps a target.

    ``tally`` yields a unit: (score or None, right, counted). The target holds over what is counted, the share is of units;
    one without a score stands last and is never taken. With no score anywhere there is no figure.
    """

    key: str
    target: float
    tally: Callable[[Case], Sequence[tuple[float | None, int, int]]]

    @property
    def rates(self) -> tuple[str, ...]:
        return (self.key,)

    def measure(self, cases: Sequence[Case]) -> dict[str, Figure]:
        return {self.key: self.resample(cases, np.ones((1, len(cases)), dtype=np.int64))[self.key][0]}

    def resample(self, cases: Sequence[Case], weights: Weights) -> dict[str, list[Figure]]:
        units = [(chart, *unit) for chart, case in enumerate(cases) for unit in self.tally(case)]
        scored = sorted((unit for unit in units if unit[1] is not None), key=lambda unit: -(unit[1] or 0.0))
        if not scored:
            return {self.key: [None] * len(weights)}
        ends = [place for place, (one, other) in enumerate(pairwise(scored), 1) if one[1] != other[1]] + [len(scored)]
        everywhere = np.array([chart for chart, *_ in units])
        chart = np.array([chart for chart, *_ in scored])
        right, counted = np.array([unit[2:] for unit in scored]).T
        return {self.key: [self._share(row[everywhere].sum(), row[chart], right, counted, ends) for row in weights]}

    def _share(self, whole: float, weight: Array, right: Array, counted: Array, ends: list[int]) -> Figure:
        """Equal scores are taken together or not at all: no threshold can tell them apart."""
        cut = np.array(ends) - 1
        kept = np.cumsum(weight * right)[cut] >= self.target * np.cumsum(weight * counted)[cut] - 1e-9
        taken = np.cumsum(weight)[cut][kept]
        return ratio(float(taken.max()) if len(taken) else 0.0, float(whole))


def intervals(
    scorers: Sequence[Scorer], cases: Sequence[Case], draws: int = 1000, seed: int = 20260615
) -> dict[str, list[float] | None]:
    """For every rate its 95 % interval [low, high]; None where the set cannot tell. The same set gives the same intervals."""
    if not cases:
        return {rate: None for scorer in scorers for rate in scorer.rates}
    random = np.random.default_rng(seed)
    weights = random.multinomial(len(cases), [1 / len(cases)] * len(cases), size=draws)
    return {key: _bounds(drawn) for scorer in scorers for key, drawn in scorer.resample(cases, weights).items()}


def _bounds(drawn: Sequence[Figure]) -> list[float] | None:
    """The middle 95 % of the resamples in which the rate could be taken; None when that is fewer than half of them."""
    taken = [figure for figure in drawn if figure is not None]
    if 2 * len(taken) < len(drawn):
        return None
    low, high = np.percentile(taken, [2.5, 97.5])
    return [float(low), float(high)]
