"""Errors by kind: each wrong code is set against the missed code it is nearest to, and the two are one error."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from evals.aggregate import Counts, Figure, Pooled
from evals.case import Case
from evals.scorers.category import category

NEARNESS = ("sibling", "category", "chapter")
BUCKETS = (*NEARNESS, "out_of_set", "missed", "extra")


def _tally(case: Case) -> Counts:
    """What is left: a code the book does not have, any other extra, and what was missed without a stand-in."""
    found: Counter[str] = Counter()
    for bucket, missed, extra in _nearest(case):
        if missed and extra:
            found[bucket] += 1
        elif missed:
            found["missed"] += 1
        else:
            found["extra" if extra in case.chapters else "out_of_set"] += 1
    return found


def nearest(case: Case) -> Iterator[tuple[str, str]]:
    """Every missed code with the wrong code nearest to it; where one of them is alone, the other is empty."""
    for _, missed, extra in _nearest(case):
        yield missed, extra


def _nearest(case: Case) -> Iterator[tuple[str, str, str]]:
    """Nearest first: each pair with how near it is."""
    extra = [case.predictions[index].code for index in case.pairing.extra]
    missed = list(case.pairing.missed)
    for bucket in NEARNESS:
        for code in list(extra):
            group = next((group for group in missed if bucket in _shared(case, code, case.must[group].any_of)), None)
            if group is not None:
                extra.remove(code)
                missed.remove(group)
                yield bucket, case.must[group].any_of[0], code
    yield from (("", case.must[group].any_of[0], "") for group in missed)
    yield from (("", "", code) for code in extra)


def _shared(case: Case, code: str, accepted: tuple[str, ...]) -> set[str]:
    return {bucket for other in accepted for bucket in _shares(case, code, other)}


def _shares(case: Case, code: str, other: str) -> Iterator[str]:
    if _stem(code)[:-1] == _stem(other)[:-1] and len(_stem(code)) == len(_stem(other)) > len(category(code)):
        yield "sibling"
    if category(code) == category(other):
        yield "category"
    chapter = case.chapters.get(code)
    if chapter is not None and chapter == case.chapters.get(other):
        yield "chapter"


def _stem(code: str) -> str:
    """The code without its dot and its 7th character: what is wrong in that alone is a sibling too."""
    return code.replace(".", "")[:6]


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    return {f"errors.{bucket}": int(sums[bucket]) for bucket in BUCKETS}


ERRORS = Pooled(_tally, _figures)
