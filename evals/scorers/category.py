"""Categories: the same as codes, with the first three characters only."""

from __future__ import annotations

from collections import defaultdict

from evals.aggregate import Counts, Figure, Pooled, f1, ratio
from evals.case import Case
from evals.pairing import pair


def category(code: str) -> str:
    """The category of a code: E11 of E11.65."""
    return code[:3]


def _tally(case: Case) -> Counts:
    """Groups that come to the same categories are one group: a chart has a category or has it not."""
    wanted = list(dict.fromkeys(frozenset(map(category, group.any_of)) for group in case.must))
    predicted = list(dict.fromkeys(category(prediction.code) for prediction in case.predictions))
    paired = pair(predicted, wanted, frozenset(map(category, case.may)))
    return {
        "correct": len(paired.credited),
        "predicted": len(paired.credited) + len(paired.extra),
        "wanted": len(wanted),
    }


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    correct, predicted, wanted = sums["correct"], sums["predicted"], sums["wanted"]
    return {
        "category.precision": ratio(correct, predicted),
        "category.recall": ratio(correct, wanted),
        "category.f1": f1(correct, predicted, wanted),
    }


CATEGORY = Pooled(_tally, _figures, rates=("category.precision", "category.recall", "category.f1"))
