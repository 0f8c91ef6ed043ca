"""The diagnosis that stands first: over every chart whose gold names one, and over the inpatient facility charts of these."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled, ratio
from evals.case import Case


def _tally(case: Case) -> Counts:
    accepted = case.gold_chart.gold.first_listed
    if not accepted:
        return {}
    right = case.lead is not None and case.lead.code in accepted
    chart = case.gold_chart.chart
    inpatient = chart is not None and chart.encounter.leading_role == "principal"
    return {"charts": 1, "right": right, "principal": inpatient, "principal_right": inpatient and right}


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    return {
        "first_listed.accuracy": ratio(sums["right"], sums["charts"]),
        "principal": ratio(sums["principal_right"], sums["principal"]),
    }


LEADING = Pooled(_tally, _figures, rates=("first_listed.accuracy", "principal"))
