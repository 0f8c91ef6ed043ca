"""Calibrated scores: how often codes that look like this one are right, fitted on gold charts and kept as a small JSON file.

A score is a share that can be checked: of the codes with a score of 0.9, nine in ten are right. What may be final without a
person follows from the codes the fit had not seen (out of fold): the lowest score above which they were right often enough,
taken by its lower confidence bound. A calibration holds for the model it was fitted on and for no other.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import exp, log, sqrt
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from codebook.places import home
from records.base import Record

FORMAT = 1
NAME = "calibration.json"
SHIPPED = Path(str(files("agent").joinpath(NAME)))
SEEN = 12
Z_95 = 1.959963984540054
_LEAST, _MOST = 1e-4, 1 - 1e-4


class CalibrationError(Exception):
    """A calibration that cannot be read. One line that names the file."""


class Scale(Record):
    """From signals to a share: a weighted sum of them, and a rising curve from sum to share, straight between its points."""

    signals: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    curve: tuple[tuple[float, float], ...] = Field(min_length=2, description="(sum, share), rising.")

    @model_validator(mode="after")
    def _fits_together(self) -> Scale:
        if len(self.signals) != len(self.weights):
            raise ValueError("as many weights as signals are needed")
        if any(one[0] >= other[0] or one[1] > other[1] for one, other in pairwise(self.curve)):
            raise ValueError("the curve must rise")
        return self

    def sum(self, signals: Mapping[str, float]) -> float | None:
        """The weighted sum; None when a signal is missing that the scale was fitted with."""
        if any(name not in signals for name in self.signals):
            return None
        return self.intercept + sum(weight * signals[name] for name, weight in zip(self.signals, self.weights, strict=True))

    def share(self, at: float) -> float:
        """The share that a sum stands for."""
        if at <= self.curve[0][0]:
            return self.curve[0][1]
        place = bisect_right(self.curve, (at, 2.0))
        if place == len(self.curve):
            return self.curve[-1][1]
        (low, below), (high, above) = self.curve[place - 1], self.curve[place]
        return below + (above - below) * (at - low) / (high - low)


class Cut(Record):
    """Of the codes the fit had not seen: how many scored at least this, and how many of them were right."""

    score: float
    codes: int
    right: int

    @property
    def low(self) -> float:
        """The lower bound of the share that is right."""
        return wilson(self.right, self.codes)[0]


class Threshold(Record):
    """What a target asks for. ``score`` is None when no cut is proven; ``needed`` error-free codes more would prove one."""

    target: float
    score: float | None
    codes: int = 0
    right: int = 0
    needed: int = 0


class Training(Record):
    """What a calibration was fitted on. ``sha256`` is the hash of its charts and codes; ``seen`` begins its charts' hashes."""

    sets: tuple[str, ...]
    charts: int
    codes: int
    right: int
    sha256: str
    seen: frozenset[str] = frozenset()


class Calibration(Record):
    """A fitted calibration. ``codes`` scores a code, ``charts`` a whole chart; ``sha256`` is that of the file."""

    format: int = Field(default=FORMAT, ge=FORMAT, le=FORMAT)
    version: int = Field(default=1, ge=1)
    model: str
    codes: Scale
    charts: Scale | None = None
    cuts: tuple[Cut, ...] = ()
    training: Training
    sha256: str = ""

    def score(self, signals: Mapping[str, float]) -> float | None:
        """The score of a code; None when it cannot be scored."""
        at = self.codes.sum(signals)
        return None if at is None else round(self.codes.share(at), 4)

    def chart_score(self, signals: Mapping[str, float]) -> float | None:
        """The score of a chart: how often charts like this one are right to the last code."""
        at = None if self.charts is None else self.charts.sum(signals)
        return None if self.charts is None or at is None else round(self.charts.share(at), 4)

    def threshold(self, target: float) -> Threshold:
        """The score from which codes are right often enough, by the lower bound, and as many as possible are above it."""
        kept = [cut for cut in self.cuts if cut.low >= target]
        if kept:
            best = max(kept, key=lambda cut: cut.codes)
            return Threshold(target=target, score=best.score, codes=best.codes, right=best.right)
        needed = min((error_free_needed(target, cut.right, cut.codes) for cut in self.cuts), default=error_free_needed(target))
        return Threshold(target=target, score=None, needed=needed)

    def has_seen(self, chart_sha256: str) -> bool:
        """Whether the chart was one of those it was fitted on."""
        return chart_sha256[:SEEN] in self.training.seen


def chart_signals(codes: Iterable[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """What speaks for a whole chart: the scores of its codes, and what is the same for all of them. Empty without codes."""
    told = list(codes)
    if not told:
        return {}
    odds = [_odds(score) for score, _ in told]
    whole = told[0][1]
    shared = {name: whole[name] for name in ("codes", "characters", "mentions", "uncoded", "chart_findings") if name in whole}
    return {"least": min(odds), "mean": sum(odds) / len(odds), **shared}


def wilson(right: float, number: float, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927), at 95 % unless told otherwise; all of 0 to 1 where nothing is known."""
    if number <= 0:
        return 0.0, 1.0
    share, square = right / number, z * z
    middle = share + square / (2 * number)
    reach = z * sqrt(share * (1 - share) / number + square / (4 * number * number))
    whole = 1 + square / number
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def error_free_needed(target: float, right: int = 0, number: int = 0) -> int:
    """How many codes more, all of them right, would lift the lower bound to the target: 125 for 0.97 where there are none."""
    if wilson(right, number)[0] >= target:
        return 0
    low, high = 0, 1
    while wilson(right + high, number + high)[0] < target:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wilson(right + middle, number + middle)[0] >= target else (middle, high)
    return high


def load_calibration(path: Path | None = None) -> Calibration:
    """The calibration in a file; without one, the operator's own in the home folder, else the one that ships."""
    if path is None:
        path = home() / NAME
        if not path.is_file():
            return shipped_calibration()
    try:
        return _read(path, os.stat(path).st_mtime_ns)
    except OSError as error:
        raise CalibrationError(f"calibration {path}: cannot be read ({error.strerror or type(error).__name__})") from None


def shipped_calibration() -> Calibration:
    """The calibration that ships, fitted on the project's own gold charts."""
    return load_calibration(SHIPPED)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Calibration:
    content = path.read_bytes()
    try:
        read = Calibration.model_validate_json(content)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        raise CalibrationError(f"calibration {path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    return read.model_copy(update={"sha256": hashlib.sha256(content).hexdigest()})


def _odds(share: float) -> float:
    kept = min(max(share, _LEAST), _MOST)
    return log(kept / (1 - kept))


def logistic(at: float) -> float:
    """The logistic curve."""
    return 1 / (1 + exp(-at)) if at >= 0 else exp(at) / (1 + exp(at))
