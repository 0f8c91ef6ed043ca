"""How what is seen on single charts becomes figures of a whole set, and how sure those figures are.

A scorer says which way of adding up is its own, and opens a sheet. A sheet takes one chart after the other and keeps a few
numbers of each, never the chart: a set may be as long as it likes. From its numbers it tells the figures, of the set and of
sets in which some charts stand more than once, which is how the intervals are made: by drawing charts anew, with replacement,
again and again (bootstrap by chart).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan, nan
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from evals.case import Case

Figure = float | int | None
Counts = Mapping[str, float]
Weights = npt.NDArray[np.int64]
Array = npt.NDArray[Any]
_AT_ONCE = 1_000_000


def ratio(part: float, whole: float) -> float | None:
    """A share; None when there is nothing to take a share of."""
    return part / whole if whole else None


def f1(correct: float, predicted: float, wanted: float) -> float | None:
    """The harmonic mean of precision and recall; None when nothing was wanted and nothing predicted."""
    return ratio(2 * correct, predicted + wanted)


class Sheet(Protocol):
    """What one scorer has written down of the charts so far. Keys are dotted names in the report."""

    def add(self, case: Case) -> None:
        """Write down one chart."""

    def figures(self) -> dict[str, Figure]:
        """The figures of the charts written down."""

    def resample(self, weights: Weights) -> dict[str, list[Figure]]:
        """Each rate in every resample; ``weights`` has a row a resample, with how often each chart stands in it."""


class Scorer(Protocol):
    """One part of the score."""

    @property
    def rates(self) -> tuple[str, ...]:
        """The keys that are shares and get an interval."""

    def sheet(self) -> Sheet:
        """An empty sheet."""

    def measure(self, cases: Iterable[Case]) -> dict[str, Figure]:
        """The figures of a set."""


class _Measures:
    """A scorer that can be asked for the figures of a set at once."""

    def sheet(self) -> Sheet:
        raise NotImplementedError

    def measure(self, cases: Iterable[Case]) -> dict[str, Figure]:
        sheet = self.sheet()
        for case in cases:
            sheet.add(case)
        return sheet.figures()


@dataclass(frozen=True)
class Pooled(_Measures):
    """Counts are added up over all charts; then the figures are taken from the sums (micro averaging)."""

    tally: Callable[[Case], Counts]
    figures: Callable[[defaultdict[str, float]], dict[str, Figure]]
    rates: tuple[str, ...] = ()

    def sheet(self) -> Sheet:
        return _PooledSheet(self)


class _PooledSheet:
    """A column for each count, a number for each chart."""

    def __init__(self, scorer: Pooled) -> None:
        self._scorer = scorer
        self._charts = 0
        self._columns: dict[str, array[float]] = {}

    def add(self, case: Case) -> None:
        for name, number in self._scorer.tally(case).items():
            column = self._columns.setdefault(name, array("d"))
            column.extend([0.0] * (self._charts - len(column)))
            column.append(number)
        self._charts += 1

    def figures(self) -> dict[str, Figure]:
        return self._scorer.figures(defaultdict(float, {name: sum(column) for name, column in self._columns.items()}))

    def resample(self, weights: Weights) -> dict[str, list[Figure]]:
        if not self._scorer.rates:
            return {}
        names = sorted(self._columns)
        table = np.zeros((self._charts, len(names)))
        for place, name in enumerate(names):
            column = self._columns[name]
            table[: len(column), place] = column
        drawn: dict[str, list[Figure]] = {rate: [] for rate in self._scorer.rates}
        for sums in (weights @ table).tolist():
            figures = self._scorer.figures(defaultdict(float, zip(names, sums, strict=True)))
            for rate in self._scorer.rates:
                drawn[rate].append(figures[rate])
        return drawn


@dataclass(frozen=True)
class PerCode(_Measures):
    """An F1 for every code that is wanted or predicted anywhere, and their plain mean (macro averaging).

    ``tally`` yields (code, correct, predicted, wanted).
    """

    key: str
    tally: Callable[[Case], Sequence[tuple[str, int, int, int]]]

    @property
    def rates(self) -> tuple[str, ...]:
        return (self.key,)

    def sheet(self) -> Sheet:
        return _PerCodeSheet(self)


class _PerCodeSheet:
    def __init__(self, scorer: PerCode) -> None:
        self._scorer = scorer
        self._charts = 0
        self._places: dict[str, int] = {}
        self._entries = array("l")  # chart, code, correct, predicted and wanted, over and over

    def add(self, case: Case) -> None:
        for code, *numbers in self._scorer.tally(case):
            self._entries.extend((self._charts, self._places.setdefault(code, len(self._places)), *numbers))
        self._charts += 1

    def figures(self) -> dict[str, Figure]:
        return {key: drawn[0] for key, drawn in self.resample(np.ones((1, self._charts), dtype=np.int64)).items()}

    def resample(self, weights: Weights) -> dict[str, list[Figure]]:
        if not self._entries:
            return {self._scorer.key: [None] * len(weights)}
        chart, code, correct, predicted, wanted = np.array(self._entries).reshape(-1, 5).T
        size = len(self._places)
        return {self._scorer.key: [_macro(row[chart], code, correct, predicted + wanted, size) for row in weights]}


def _macro(weight: Array, code: Array, correct: Array, both: Array, size: int) -> Figure:
    right = np.bincount(code, weights=weight * correct, minlength=size)
    whole = np.bincount(code, weights=weight * both, minlength=size)
    seen = whole > 0
    return float(np.mean(2 * right[seen] / whole[seen])) if seen.any() else None


@dataclass(frozen=True)
class Ranked:
    """Charts or codes are ordered by score, the surest first; the figure is the largest share that keeps a target.

    A unit is (score or None, right, counted). The target holds over what is counted, the share is of units; one without a
    score stands last and is never taken. With no score anywhere there is no figure.
    """

    key: str
    target: float


class RankedSheet:
    """The units of every chart."""

    def __init__(self, scorer: Ranked) -> None:
        self._scorer = scorer
        self._charts = 0
        self._units = array("d")  # chart, score, right and counted, over and over

    def add_units(self, units: Iterable[tuple[float | None, int, int]]) -> None:
        """Write down one chart by its units."""
        for score, right, counted in units:
            self._units.extend((self._charts, nan if score is None else score, right, counted))
        self._charts += 1

    def figures(self) -> dict[str, Figure]:
        return {key: drawn[0] for key, drawn in self.resample(np.ones((1, self._charts), dtype=np.int64)).items()}

    def resample(self, weights: Weights) -> dict[str, list[Figure]]:
        units = np.array(self._units).reshape(-1, 4)
        scored = units[~np.isnan(units[:, 1])]
        if not len(scored):
            return {self._scorer.key: [None] * len(weights)}
        scored = scored[np.argsort(-scored[:, 1], kind="stable")]
        ends = [place for place, (one, other) in enumerate(pairwise(scored[:, 1].tolist()), 1) if one != other]
        cut = np.array([*ends, len(scored)]) - 1
        everywhere, chart = units[:, 0].astype(np.int64), scored[:, 0].astype(np.int64)
        shares = [self._share(row[everywhere].sum(), row[chart], scored[:, 2], scored[:, 3], cut) for row in weights]
        return {self._scorer.key: shares}

    def _share(self, whole: float, weight: Array, right: Array, counted: Array, cut: Array) -> Figure:
        """Equal scores are taken together or not at all: no threshold can tell them apart."""
        kept = np.cumsum(weight * right)[cut] >= self._scorer.target * np.cumsum(weight * counted)[cut] - 1e-9
        taken = np.cumsum(weight)[cut][kept]
        return ratio(float(taken.max()) if len(taken) else 0.0, float(whole))


def intervals(
    scorers: Sequence[Scorer], sheets: Sequence[Sheet], charts: int, draws: int = 1000, seed: int = 20260615
) -> dict[str, list[float] | None]:
    """For every rate its 95 % interval [low, high]; None where the set cannot tell. The same set gives the same intervals."""
    drawn: dict[str, list[Figure]] = {rate: [] for scorer in scorers for rate in scorer.rates}
    for weights in _weights(charts, draws, seed):
        for sheet in sheets:
            for rate, figures in sheet.resample(weights).items():
                drawn[rate].extend(figures)
    return {rate: _bounds(figures) for rate, figures in drawn.items()}


def _weights(charts: int, draws: int, seed: int) -> Iterator[Weights]:
    """How often each chart stands in each resample, a few resamples at a time: a long set has long rows."""
    random = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // charts) if charts else draws
    for done in range(0, draws if charts else 0, step):
        yield random.multinomial(charts, [1 / charts] * charts, size=min(step, draws - done))


def _bounds(drawn: Sequence[Figure]) -> list[float] | None:
    """The middle 95 % of the resamples in which the rate could be taken; None when that is fewer than half of them."""
    taken = [figure for figure in drawn if figure is not None and not isnan(figure)]
    if not taken or 2 * len(taken) < len(drawn):
        return None
    low, high = np.percentile(taken, [2.5, 97.5])
    return [float(low), float(high)]
