"""Are the scores what they say: of the codes with a score of 0.9, are nine in ten right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.calibration import wilson

BINS = 10
Scored = Sequence[tuple[float, bool]]


@dataclass(frozen=True)
class Bin:
    """Codes of like scores: their mean score, how many they are, how many of them are right, and the interval of that share."""

    score: float
    codes: int
    right: int

    @property
    def share(self) -> float:
        """The share that is right."""
        return self.right / self.codes

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return wilson(self.right, self.codes)


def bins(scored: Scored, number: int = BINS) -> tuple[Bin, ...]:
    """The codes in order of their scores, cut into parts of like size."""
    ranked = sorted(scored)
    edges = [round(place * len(ranked) / number) for place in range(number + 1)]
    parts = [ranked[low:high] for low, high in pairwise(edges) if high > low]
    return tuple(Bin(sum(score for score, _ in part) / len(part), len(part), sum(right for _, right in part)) for part in parts)


def calibration_error(scored: Scored) -> float | None:
    """The mean distance between score and share, over the bins, each by its size (expected calibration error)."""
    if not scored:
        return None
    return sum(one.codes * abs(one.score - one.share) for one in bins(scored)) / len(scored)


def brier(scored: Scored) -> float | None:
    """The mean square distance between score and what was right (Brier 1950)."""
    return sum((score - right) ** 2 for score, right in scored) / len(scored) if scored else None
