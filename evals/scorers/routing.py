"""Routing: what went out without a person, and whether it was right. A final chart with a missed code is wrong."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled, ratio
from evals.case import Case


def _tally(case: Case) -> Counts:
    if not case.final:
        return {"charts": 1}
    return {
        "charts": 1,
        "final": 1,
        "right": case.exact,
        "codes": len(case.counted),
        "right_codes": len(case.pairing.credited),
    }


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    return {
        "routing.final_coded_charts": int(sums["final"]),
        "routing.final_coded_share": ratio(sums["final"], sums["charts"]),
        "routing.final_coded_code_precision": ratio(sums["right_codes"], sums["codes"]),
        "routing.final_coded_chart_precision": ratio(sums["right"], sums["final"]),
    }


ROUTING = Pooled(
    _tally,
    _figures,
    rates=("routing.final_coded_share", "routing.final_coded_code_precision", "routing.final_coded_chart_precision"),
)
