"""The mathematics of a coding audit: which charts to draw, how accurate they were, and when enough have been looked at.

Formulas with their sources are in README.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Literal

from agent.calibration import Z_95, wilson
from evals.results import Outcome

Verdict = Literal["pass", "fail", "go on"]


@dataclass(frozen=True)
class Accuracy:
    """So many of so many were right."""

    right: int
    number: int

    @property
    def share(self) -> float | None:
        """The accuracy; None when there was nothing to be right about."""
        return self.right / self.number if self.number else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % Wilson interval."""
        return wilson(self.right, self.number)


@dataclass(frozen=True)
class Audit:
    """The accuracy of audited charts by code and by chart, and what was wrong."""

    code_over_code: Accuracy
    chart_over_chart: Accuracy
    overcoded: int
    undercoded: int


def audit(outcomes: Iterable[Outcome]) -> Audit:
    """Code over code: correct codes among those the auditor holds right. Chart over chart: charts without an error."""
    seen = list(outcomes)
    correct = sum(len(one.correct) for one in seen)
    missed = sum(len(one.missed) for one in seen)
    return Audit(
        code_over_code=Accuracy(correct, correct + missed),
        chart_over_chart=Accuracy(sum(one.exact for one in seen), len(seen)),
        overcoded=sum(len(one.extra) for one in seen),
        undercoded=missed,
    )


def sample(charts: Mapping[str, Outcome], size: int, seed: str) -> tuple[str, ...]:
    """So many final-coded charts, drawn so that anybody with the seed draws the same, and nobody without it can foresee them."""
    final = [chart for chart, outcome in charts.items() if outcome.final]
    return tuple(sorted(final, key=lambda chart: hashlib.sha256(f"{seed}\0{chart}".encode()).hexdigest())[:size])


def sample_size(expected: float, reach: float, population: int | None = None, z: float = Z_95) -> int:
    """How many to draw for an interval of plus or minus ``reach`` around the expected share (Cochran 1977)."""
    size = z * z * expected * (1 - expected) / (reach * reach)
    if population is not None:
        size = size / (1 + (size - 1) / population)
    return ceil(size - 1e-9)


@dataclass(frozen=True)
class Sequential:
    """Wald's sequential test: look at one after the other, and stop as soon as it is clear.

    ``good`` is the error rate that should pass, ``bad`` the one that should fail; ``alpha`` how often good work may be failed,
    and ``beta`` how often bad work may pass.
    """

    good: float
    bad: float
    alpha: float = 0.05
    beta: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.good < self.bad < 1:
            raise ValueError("0 < good < bad < 1 is needed")

    def evidence(self, errors: int, seen: int) -> float:
        """The logarithm of how much likelier the bad rate makes what was seen than the good one."""
        return errors * log(self.bad / self.good) + (seen - errors) * log((1 - self.bad) / (1 - self.good))

    def verdict(self, errors: int, seen: int) -> Verdict:
        """Pass, fail, or go on."""
        found = self.evidence(errors, seen)
        if found >= log((1 - self.beta) / self.alpha):
            return "fail"
        return "pass" if found <= log(self.beta / (1 - self.alpha)) else "go on"

    def needed(self) -> int:
        """How many without any error pass."""
        return ceil(log((1 - self.alpha) / self.beta) / log((1 - self.good) / (1 - self.bad)) - 1e-9)

    def stops(self, errors: Sequence[bool]) -> tuple[Verdict, int]:
        """The first verdict of a series, and how many had been looked at by then."""
        wrong = 0
        for seen, one in enumerate(errors, 1):
            wrong += one
            found = self.verdict(wrong, seen)
            if found != "go on":
                return found, seen
        return "go on", len(errors)


def lines(found: Audit, order: Sequence[Outcome], plan: Sequential) -> Iterable[str]:
    """An audit for people."""
    for name, accuracy in (("code over code", found.code_over_code), ("chart over chart", found.chart_over_chart)):
        low, high = accuracy.interval
        share = "-" if accuracy.share is None else f"{accuracy.share:.1%}"
        yield f"{name:<17} {share:>6}   {accuracy.right} of {accuracy.number}, 95 % interval {low:.1%} to {high:.1%}"
    yield f"overcoded {found.overcoded}, undercoded {found.undercoded} codes"
    verdict, seen = plan.stops([not one.exact for one in order])
    told = f"after {seen} charts" if verdict != "go on" else f"with {seen} charts; {plan.needed()} without an error would pass"
    yield f"sequential test   {verdict} {told} (charts with an error: {plan.good:.0%} passes, {plan.bad:.0%} fails)"
