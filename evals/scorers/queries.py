"""Queries: the charts in which one is expected, the charts in which one was raised, and how many of these expected it."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled, ratio
from evals.case import Case


def _tally(case: Case) -> Counts:
    expected = case.gold_chart.gold.expects_query
    raised = case.result is not None and not case.failed and bool(case.result.queries)
    return {"expected": expected, "raised": raised, "right": expected and raised}


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    """A set in which no query is expected says nothing of the precision: nobody looked for them."""
    return {
        "queries.expected": int(sums["expected"]),
        "queries.raised": int(sums["raised"]),
        "queries.precision": ratio(sums["right"], sums["raised"]) if sums["expected"] else None,
    }


QUERIES = Pooled(_tally, _figures, rates=("queries.precision",))
