"""Whole charts: how many there are, how many failed, how many are right to the last code."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled, ratio
from evals.case import Case


def _tally(case: Case) -> Counts:
    return {"charts": 1, "failed": case.failed, "exact": case.exact}


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    return {
        "charts": int(sums["charts"]),
        "failed": int(sums["failed"]),
        "chart_exact": ratio(sums["exact"], sums["charts"]),
    }


CHARTS = Pooled(_tally, _figures, rates=("chart_exact",))
