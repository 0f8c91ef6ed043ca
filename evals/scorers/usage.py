"""What the run took: tokens, their price, and seconds of coding."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled
from evals.case import Case


def _tally(case: Case) -> Counts:
    provenance = case.result.provenance if case.result else None
    if provenance is None:
        return {}
    return {
        "charts": 1,
        "tokens": provenance.tokens.prompt + provenance.tokens.completion,
        "seconds": provenance.seconds,
    }


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    """Nobody told us a price, so tokens cost an unknown sum; no tokens cost nothing."""
    known = sums["charts"] > 0
    tokens = int(sums["tokens"])
    return {
        "tokens": tokens if known else None,
        "cost": 0.0 if known and not tokens else None,
        "seconds": round(sums["seconds"], 4) if known else None,
    }


USAGE = Pooled(_tally, _figures)
