"""Codes: precision, recall and F1, over all charts together and as the mean over codes."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, PerCode, Pooled, f1, ratio
from evals.case import Case


def _tally(case: Case) -> Counts:
    return {
        "correct": len(case.pairing.credited),
        "predicted": len(case.counted),
        "wanted": len(case.must),
    }


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    correct, predicted, wanted = sums["correct"], sums["predicted"], sums["wanted"]
    return {
        "codes.precision": ratio(correct, predicted),
        "codes.recall": ratio(correct, wanted),
        "codes.f1": f1(correct, predicted, wanted),
        "codes.predicted": int(predicted),
        "codes.correct": int(correct),
        "codes.gold_must": int(wanted),
        "overcoding": ratio(predicted - correct, predicted),
        "undercoding": ratio(wanted - correct, wanted),
    }


def _by_code(case: Case) -> list[tuple[str, int, int, int]]:
    """A credited group is wanted as the code that answered it, a missed one as the first it names."""
    seen = [(prediction.code, int(right), 1, int(right)) for prediction, right in case.counted]
    return seen + [(case.must[group].any_of[0], 0, 0, 1) for group in case.pairing.missed]


CODES = Pooled(_tally, _figures, rates=("codes.precision", "codes.recall", "codes.f1", "overcoding", "undercoding"))
MACRO = PerCode("codes.macro_f1", _by_code)
