"""How far two annotators agree: two gold sets over the same charts, compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from evals.aggregate import f1
from evals.curation import Fault
from evals.gold import GoldChart, GoldError, GoldSet
from evals.pairing import Pairing, pair
from evals.scorers.category import category
from evals.scorers.evidence import places


@dataclass(frozen=True)
class Agreement:
    """The agreement over the charts that both have done.

    ``codes`` is positive specific agreement, 2a / (2a + b + c): with ever so many codes that neither gives, kappa comes to the
    same (Hripcsak and Rothschild 2005). ``evidence`` is the share of spans that meet one of the other's, of the codes both give.
    """

    charts: int
    exact: int
    codes: float | None
    categories: float | None
    first_listed: float | None
    evidence: float | None
    differences: tuple[Fault, ...]


def agreement(one: GoldSet, other: GoldSet) -> Agreement:
    """Compare the must groups of two sets. What either calls neutral is neutral. GoldError when they share no chart."""
    others = {chart.id: chart for chart in other}
    pairs = [_Pair(chart, others[chart.id]) for chart in one if chart.id in others]
    if not pairs:
        raise GoldError("the two sets have no chart in common")
    sums: Counter[str] = Counter()
    for found in pairs:
        sums.update(found.tally())
    return Agreement(
        charts=len(pairs),
        exact=sums["exact"],
        codes=f1(sums["codes"], sums["codes"] + sums["first_only"], sums["codes"] + sums["second_only"]),
        categories=f1(sums["categories"], sums["first_categories"], sums["second_categories"]),
        first_listed=sums["same_lead"] / sums["leads"] if sums["leads"] else None,
        evidence=sums["met"] / sums["spans"] if sums["spans"] else None,
        differences=tuple(fault for found in pairs for fault in found.differences()),
    )


class _Pair:
    """One chart as the two have coded it."""

    def __init__(self, one: GoldChart, other: GoldChart) -> None:
        self._one, self._other = one, other
        self._mine, self._theirs = one.gold.tier("must"), other.gold.tier("must")
        self._neutral = {code for chart in (one, other) for group in chart.gold.tier("may") for code in group.any_of}
        self._found: Pairing = pair(
            [group.any_of[0] for group in self._mine], [group.any_of for group in self._theirs], self._neutral
        )

    def tally(self) -> Counter[str]:
        """What this chart adds to each count."""
        mine, theirs = ({category(group.any_of[0]) for group in groups} for groups in (self._mine, self._theirs))
        leads = [set(chart.gold.first_listed or ()) for chart in (self._one, self._other)]
        first_only, second_only = self._alone()
        return Counter(
            codes=len(self._found.credited),
            first_only=len(first_only),
            second_only=len(second_only),
            exact=int(not first_only and not second_only),
            categories=len(mine & theirs),
            first_categories=len(mine),
            second_categories=len(theirs),
            leads=int(all(leads)),
            same_lead=int(all(leads) and bool(leads[0] & leads[1])),
            **self._evidence(),
        )

    def differences(self) -> Iterator[Fault]:
        """Every code that only one of the two gives."""
        for which, codes in zip(("first", "second"), self._alone(), strict=True):
            for code in codes:
                yield Fault(self._one.id, f"{code} only in the {which}")

    def _alone(self) -> tuple[list[str], list[str]]:
        first = [self._mine[index].any_of[0] for index in self._found.extra]
        missed = [self._theirs[index] for index in self._found.missed]
        return first, [group.any_of[0] for group in missed if not self._neutral & set(group.any_of)]

    def _evidence(self) -> dict[str, int]:
        if self._one.chart is None:
            return {}
        met = spans = 0
        for index, group in self._found.credited.items():
            near = places(self._one.chart, self._mine[index].evidence or ())
            far = places(self._one.chart, self._theirs[group].evidence or ())
            if near and far:
                spans += len(near) + len(far)
                met += sum(any(_meet(a, b) for b in far) for a in near) + sum(any(_meet(a, b) for a in near) for b in far)
        return {"met": met, "spans": spans}


def _meet(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
