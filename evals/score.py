"""The score of a set: every figure in one object, with intervals. What could not be scored is None, never 0."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evals.aggregate import Figure, Scorer, intervals
from evals.case import Case
from evals.scorers import SCORERS

DRAWS = 1000
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")  # the point of 0.95 parts nothing
_DIGITS = 4


def score(cases: Sequence[Case], draws: int = DRAWS, scorers: Sequence[Scorer] = SCORERS) -> dict[str, Any]:
    """The report of a set: nested by the dotted keys of the scorers, and ``intervals`` by the same keys, undivided."""
    figures: dict[str, Figure] = {}
    for scorer in scorers:
        figures.update(scorer.measure(cases))
    bounds = intervals(scorers, cases, draws).items()
    return {**_nested(figures), "intervals": {key: bound and [_rounded(edge) for edge in bound] for key, bound in bounds}}


def split(key: str) -> list[str]:
    """The parts of a dotted key: coverage_at, 0.95 and codes of ``coverage_at.0.95.codes``."""
    return _DOT.split(key)


def _nested(figures: Mapping[str, Figure]) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for key, figure in figures.items():
        *outer, last = split(key)
        level = report
        for part in outer:
            level = level.setdefault(part, {})
        level[last] = _rounded(figure)
    return report


def _rounded(figure: Figure) -> Figure:
    return round(figure, _DIGITS) if isinstance(figure, float) else figure
