"""Figures a chart states and the codes whose titles give them: weeks of gestation, body mass index, scores, levels."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from math import floor, inf
from typing import NamedTuple

from records.base import Record
from records.gestation import weeks_stated

_GESTATION = "weeks of gestation"
# Wider than what floating figures lose, narrower than any step.
_HAIR = 1e-6


class Measured(NamedTuple):
    """What stated figures make of a code: whether one lies in its range, and the codes of the figures when none does."""

    agrees: bool
    codes: tuple[str, ...] = ()


class Bounds(NamedTuple):
    """A range of figures, both ends included."""

    low: float = -inf
    high: float = inf

    def hold(self, figure: float) -> bool:
        """Whether the figure lies in it."""
        return self.low - _HAIR / 2 <= figure <= self.high + _HAIR / 2


class Measure(Record):
    """One row of ``data/measures.toml``, whose head explains the fields."""

    name: str
    codes: tuple[str, ...]
    stated: tuple[str, ...]
    titles: tuple[str, ...]
    step: float = 0
    fraction: float = 1

    @cached_property
    def _forms(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(form, re.IGNORECASE) for form in self.stated if form != _GESTATION)

    @cached_property
    def _printed(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(form, re.IGNORECASE) for form in self.titles)

    def figures(self, text: str) -> tuple[float, ...]:
        """The figures of this measure that a text states, in the unit of the titles."""
        if _GESTATION in self.stated:
            return weeks_stated(text)
        found = [float(match.group(1)) for form in self._forms for match in form.finditer(text)]
        whole = [figure * self.fraction if figure < 1 else figure for figure in found]
        return tuple(floor(figure / self.step + _HAIR) * self.step if self.step else figure for figure in whole)

    def bounds(self, title: str) -> Bounds | None:
        """The figures a title is for; None when it gives none."""
        match = next((found for form in self._printed if (found := form.search(title))), None)
        if match is None:
            return None
        given = {name: float(value) for name, value in match.groupdict().items() if value is not None}
        low = given.get("exact", given.get("low", given.get("above", -inf) + _HAIR))
        high = given.get("exact", given.get("high", given.get("below", inf) - _HAIR))
        return Bounds(low, high)


@lru_cache(maxsize=1)
def measures() -> tuple[Measure, ...]:
    """Every measure of the table."""
    rows = tomllib.loads(files("codebook").joinpath("data", "measures.toml").read_text("utf-8"))["measure"]
    return tuple(Measure.model_validate(row) for row in rows)


def measure_of(code: str) -> Measure | None:
    """The measure whose figure the code's title gives; None for nearly all codes."""
    return next((measure for measure in measures() if code.startswith(measure.codes)), None)


def measured(code: str, titles: Mapping[str, str], texts: Iterable[str]) -> Measured | None:
    """What the figures of the texts make of a code; None when they state none or the code is not told by its figure alone.

    ``titles`` are the titles of the billable codes of its category, by code.
    """
    measure = measure_of(code)
    if measure is None:
        return None
    ranges = {one: bounds for one, title in titles.items() if one.startswith(measure.codes) and (bounds := measure.bounds(title))}
    figures = {figure for text in texts for figure in measure.figures(text)}
    if not figures or code not in ranges or Counter(ranges.values())[ranges[code]] > 1:
        return None
    if any(ranges[code].hold(figure) for figure in figures):
        return Measured(True)
    return Measured(False, tuple(one for one, bounds in ranges.items() if any(bounds.hold(figure) for figure in figures)))
