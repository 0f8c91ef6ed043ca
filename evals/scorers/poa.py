"""Present on admission: the share of right codes whose indicator is right too, where the gold gives one."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled, ratio
from evals.case import Case


def _tally(case: Case) -> Counts:
    pairs = [(case.predictions[index].assignment.poa, case.must[group].poa) for index, group in case.pairing.credited.items()]
    scored = [(predicted, gold) for predicted, gold in pairs if gold is not None]
    return {"codes": len(scored), "right": sum(predicted == gold for predicted, gold in scored)}


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    return {"poa.accuracy": ratio(sums["right"], sums["codes"])}


POA = Pooled(_tally, _figures, rates=("poa.accuracy",))
