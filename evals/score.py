"""The score of a set: every figure in one object, with intervals. What could not be scored is None, never 0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.aggregate import Figure, Scorer, intervals
from evals.case import Case
from evals.scorers import SCORERS

DRAWS = 1000
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")  # the point of 0.95 parts nothing
_DIGITS = 4


def score(cases: Iterable[Case], draws: int = DRAWS, scorers: Sequence[Scorer] = SCORERS) -> dict[str, Any]:
    """The report of a set: nested by the dotted keys of the scorers, and ``intervals`` by the same keys, undivided.

    The charts are taken one at a time, and none is kept.
    """
    sheets = [scorer.sheet() for scorer in scorers]
    charts = 0
    for case in cases:
        charts += 1
        for sheet in sheets:
            sheet.add(case)
    figures = {key: figure for sheet in sheets for key, figure in sheet.figures().items()}
    bounds = intervals(scorers, sheets, charts, draws).items()
    return {**_nested(figures), "intervals": {key: bound and [_rounded(edge) for edge in bound] for key, bound in bounds}}


def figure_at(report: Mapping[str, Any], key: str) -> Figure:
    """The figure of a dotted key; KeyError when the report has none of that name."""
    level: Any = report
    for part in split(key):
        level = level[part]
    if isinstance(level, Mapping):
        raise KeyError(key)
    figure: Figure = level
    return figure


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
