"""Coverage: the largest share of codes, and of charts, that could go out at a given precision of their codes.

It rests on calibrated scores. A chart is as sure as its least sure code; one without codes, or with a code that has no
score, is never taken.
"""

from __future__ import annotations

from evals.aggregate import Ranked
from evals.case import Case

TARGETS = ("0.95", "0.97")


def _codes(case: Case) -> list[tuple[float | None, int, int]]:
    return [(prediction.score, int(right), 1) for prediction, right in case.counted]


def _charts(case: Case) -> list[tuple[float | None, int, int]]:
    scores = [prediction.score for prediction in case.predictions if prediction.score is not None]
    unsure = not scores or len(scores) < len(case.predictions)
    return [(None if unsure else min(scores), len(case.pairing.credited), len(case.counted))]


COVERAGE = tuple(
    Ranked(f"coverage_at.{target}.{unit}", float(target), tally)
    for target in TARGETS
    for unit, tally in (("codes", _codes), ("charts", _charts))
)
