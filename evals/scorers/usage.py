"""What the run took: tokens, their price, and seconds of coding."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled
from evals.case import Case


def _tally(case: Case) -> Counts:
    provenance = case.result.provenance if case.result else None
    if provenance is None:
        return {}
    tokens = provenance.tokens.prompt + provenance.tokens.completion
    return {
        "charts": 1,
        "tokens": tokens,
        "seconds": provenance.seconds,
        "cost": provenance.cost.amount if provenance.cost else 0.0,
        "unpriced": provenance.cost is None and tokens > 0,
    }


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    """Tokens without a price cost an unknown sum; no tokens cost nothing."""
    known = sums["charts"] > 0
    tokens = int(sums["tokens"])
    return {
        "tokens": tokens if known else None,
        "cost": round(sums["cost"], 6) if known and not sums["unpriced"] else None,
        "seconds": round(sums["seconds"], 4) if known else None,
    }


USAGE = Pooled(_tally, _figures)
