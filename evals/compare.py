"""Two runs over the same charts: what changed on each chart, and whether the change is more than noise.

Noise is asked of the charts, because the codes of a chart are not independent of each other. If neither run were better, it would
not matter which result of a chart belongs to which: so the results are swapped chart by chart at random, many times, and p is how
often the difference in F1 comes out at least as large as it is (approximate randomisation: Noreen 1989, Yeh 2000). Charts right
to the last code in one run only are compared by the exact test of McNemar (1947).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.aggregate import f1
from evals.results import Outcome

DRAWS = 10_000
SEED = 20260615
_AT_ONCE = 1_000_000
Array = npt.NDArray[Any]


class CompareError(Exception):
    """Two runs that have no chart in common. One line."""


@dataclass(frozen=True)
class Flip:
    """A code whose standing on a chart changed: ``correct``, ``extra``, ``neutral``, ``missed`` or ``absent``."""

    chart: str
    code: str
    before: str
    after: str

    @property
    def better(self) -> bool | None:
        """Whether the change is one for the better; None when it is neither."""
        gain = _WORTH[self.after] - _WORTH[self.before]
        return gain > 0 if gain else None


_WORTH = {"correct": 1, "neutral": 0, "absent": 0, "extra": -1, "missed": -1}


@dataclass(frozen=True)
class Comparison:
    """Run B against run A over their common charts."""

    charts: int
    only_a: int
    only_b: int
    f1_a: float | None
    f1_b: float | None
    difference: float | None
    interval: tuple[float, float] | None
    p: float | None
    exact_a: int
    exact_b: int
    exact_p: float
    better: int
    worse: int
    flips: tuple[Flip, ...]

    @property
    def told(self) -> bool:
        """Whether the difference is more than noise, at one in twenty."""
        return self.p is not None and self.p < 0.05

    def as_json(self) -> dict[str, Any]:
        """The comparison as one object."""
        return {**asdict(self), "more_than_noise": self.told}


def compare(a: Mapping[str, Outcome], b: Mapping[str, Outcome], draws: int = DRAWS) -> Comparison:
    """Compare two runs by the outcomes of their charts."""
    common = [chart for chart in a if chart in b]
    if not common:
        raise CompareError("the two runs have no chart in common")
    pairs = [(a[chart], b[chart]) for chart in common]
    counts_a, counts_b = (np.array([_counts(pair[side]) for pair in pairs], dtype=np.int64) for side in (0, 1))
    f1_a, f1_b = _f1(counts_a.sum(axis=0)), _f1(counts_b.sum(axis=0))
    flips = tuple(flip for chart in common for flip in _flips(chart, a[chart], b[chart]))
    won = sum(not one.exact and other.exact for one, other in pairs)
    lost = sum(one.exact and not other.exact for one, other in pairs)
    return Comparison(
        charts=len(common),
        only_a=len(a) - len(common),
        only_b=len(b) - len(common),
        f1_a=f1_a,
        f1_b=f1_b,
        difference=None if f1_a is None or f1_b is None else f1_b - f1_a,
        interval=_interval(counts_a, counts_b, draws),
        p=_swapped(counts_a, counts_b, draws),
        exact_a=sum(one.exact for one, _ in pairs),
        exact_b=sum(other.exact for _, other in pairs),
        exact_p=mcnemar(won, lost),
        better=sum(flip.better is True for flip in flips),
        worse=sum(flip.better is False for flip in flips),
        flips=flips,
    )


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided test of McNemar: how likely so uneven a split is if a coin decides each."""
    number = won + lost
    if not number:
        return 1.0
    tail = sum(comb(number, count) for count in range(min(won, lost) + 1)) / 2**number
    return float(min(1.0, 2 * tail))


def _counts(outcome: Outcome) -> tuple[int, int, int]:
    """Correct, predicted and wanted codes of a chart."""
    correct = len(outcome.correct)
    return correct, correct + len(outcome.extra), correct + len(outcome.missed)


def _f1(counts: Array) -> float | None:
    return f1(float(counts[0]), float(counts[1]), float(counts[2]))


def _difference(a: Array, b: Array) -> Array:
    """F1 of B less F1 of A, a row a draw; 0 where nothing was wanted and nothing predicted."""
    whole_a, whole_b = a[:, 1] + a[:, 2], b[:, 1] + b[:, 2]
    found: Array = 2 * b[:, 0] / np.maximum(whole_b, 1) - 2 * a[:, 0] / np.maximum(whole_a, 1)
    return found


def _swapped(a: Array, b: Array, draws: int) -> float | None:
    """How often swapping charts at random makes as large a difference. The difference itself counts as one such draw."""
    if not (a.sum() or b.sum()):
        return None
    seen = abs(float(_difference(a.sum(axis=0)[None], b.sum(axis=0)[None])[0]))
    moved = b - a
    as_large = 0
    for keep in _draws(len(a), draws, lambda random, shape: random.integers(0, 2, shape)):
        shift = keep @ moved
        found = np.abs(_difference(a.sum(axis=0) + shift, b.sum(axis=0) - shift))
        as_large += int((found >= seen - 1e-12).sum())
    return (as_large + 1) / (draws + 1)


def _interval(a: Array, b: Array, draws: int) -> tuple[float, float] | None:
    """The 95 % interval of the difference: charts drawn anew with replacement, the same ones for both runs."""
    if not (a.sum() or b.sum()):
        return None
    number = len(a)
    drawn = [
        _difference(weights @ a, weights @ b)
        for weights in _draws(number, draws, lambda random, shape: random.multinomial(number, [1 / number] * number, shape[0]))
    ]
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5])
    return float(low), float(high)


def _draws(charts: int, draws: int, draw: Any) -> Iterator[Array]:
    random = np.random.default_rng(SEED)
    step = max(1, _AT_ONCE // charts)
    for done in range(0, draws, step):
        yield draw(random, (min(step, draws - done), charts))


def _flips(chart: str, a: Outcome, b: Outcome) -> Iterator[Flip]:
    before, after = _standing(a), _standing(b)
    for code in sorted({*before, *after}):
        one, other = before.get(code, "absent"), after.get(code, "absent")
        if one != other:
            yield Flip(chart, code, one, other)


def _standing(outcome: Outcome) -> dict[str, str]:
    return {code: standing for standing in ("neutral", "missed", "extra", "correct") for code in getattr(outcome, standing)}


def lines(found: Comparison) -> Iterator[str]:
    """The comparison for people: the figures, then every code that flipped, by chart."""
    yield f"charts in both      {found.charts}" + _only(found)
    yield f"code F1             {_shown(found.f1_a)} -> {_shown(found.f1_b)}   difference {_shown(found.difference, sign=True)}"
    if found.interval is not None:
        yield f"                    95 % interval {found.interval[0]:+.3f} to {found.interval[1]:+.3f}"
    if found.p is not None:
        verdict = "more than noise" if found.told else "may be noise"
        yield f"paired test         p = {found.p:.4f}: {verdict}"
    yield f"charts exact        {found.exact_a} -> {found.exact_b}   p = {found.exact_p:.4f}"
    yield f"codes that flipped  {len(found.flips)}: {found.better} for the better, {found.worse} for the worse"
    for flip in found.flips:
        mark = {True: "+", False: "-", None: " "}[flip.better]
        yield f"{mark} {flip.chart}  {flip.code}  {flip.before} -> {flip.after}"


def _only(found: Comparison) -> str:
    told = [f"{number} only in {name}" for number, name in ((found.only_a, "A"), (found.only_b, "B")) if number]
    return f" ({', '.join(told)})" if told else ""


def _shown(figure: float | None, sign: bool = False) -> str:
    return "-" if figure is None else f"{figure:+.3f}" if sign else f"{figure:.3f}"
