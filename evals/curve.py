"""The curve of a calibration: what share of codes with a sum is right, fitted on sums of charts the regression had not seen.

A logistic curve (Platt 1999), with a thousand codes or more an isotonic one (Zadrozny and Elkan 2002).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from agent.calibration import logistic

ISOTONIC_FROM = 1000
DIGITS = 5
_WIDTH, _STEP = 8.0, 0.25

Array = npt.NDArray[np.float64]
Curve = tuple[tuple[float, float], ...]


def curve(sums: Array, right: Any) -> Curve:
    """The curve of sums to the share of them that was right; a straight line where all sums are the same."""
    if np.ptp(sums) < 1e-9:
        share = (float(right.sum()) + 1) / (len(right) + 2)
        return ((-1.0, round(share, DIGITS)), (1.0, round(share, DIGITS)))
    if len(right) >= ISOTONIC_FROM:
        return _isotonic(sums, right)
    return _platt(sums, right)


def _platt(sums: Array, right: Any) -> Curve:
    from sklearn.linear_model import LogisticRegression

    # Platt's targets: a little short of certain, by how many there are.
    high, low = (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2)
    doubled = np.concatenate([sums, sums])[:, None]
    labels = np.concatenate([np.ones(len(sums)), np.zeros(len(sums))])
    weights = np.concatenate([np.where(right, high, low), np.where(right, 1 - high, 1 - low)])
    fitted = LogisticRegression(C=1e6, max_iter=5000).fit(doubled, labels, sample_weight=weights)
    slope, start = max(float(fitted.coef_[0][0]), 1e-3), float(fitted.intercept_[0])
    points = [(at, logistic(at)) for at in np.arange(-_WIDTH, _WIDTH + _STEP, _STEP).tolist()]
    return tuple((round((at - start) / slope, DIGITS), round(share, DIGITS)) for at, share in points)


def _isotonic(sums: Array, right: Any) -> Curve:
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=1 / (len(right) + 2), y_max=1 - 1 / (len(right) + 2), out_of_bounds="clip").fit(sums, right)
    points: dict[float, float] = {}
    for at, share in zip(fitted.X_thresholds_.tolist(), fitted.y_thresholds_.tolist(), strict=True):
        points.setdefault(round(at, DIGITS), round(share, DIGITS))
    kept = sorted(points.items())
    return tuple(kept) if len(kept) > 1 else ((kept[0][0] - 1, kept[0][1]), (kept[0][0] + 1, kept[0][1]))
