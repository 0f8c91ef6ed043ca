"""Traps: codes that tempt and may not be given. A chart that failed has not avoided them and is left out."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled
from evals.case import Case


def _tally(case: Case) -> Counts:
    """A trap's code that is also right for the chart, for other words in it, is no trap when it is given for those."""
    traps = case.gold_chart.gold.traps
    if case.failed or not traps:
        return {}
    right = {code for group in case.gold_chart.gold.codes for code in group.any_of}
    predicted = {prediction.code for prediction in case.predictions} - right
    return {"total": len(traps), "coded": sum(trap.code in predicted for trap in traps)}


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    total = int(sums["total"])
    return {"traps.total": total, "traps.coded": int(sums["coded"]) if total else None}


TRAPS = Pooled(_tally, _figures)
