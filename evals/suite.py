"""A suite: which charts, coded how, scored by what, and what the figures may not fall below. Or a gold set taken as one.

```toml
name = "outpatient"
charts = ["gold/outpatient"]        # files or folders, relative to the suite
model = "offline"
policy = "straight_through"         # a shipped policy, or a file relative to the suite
prompt = "coder/v1"                 # a released version; the live one unless named
scorers = ["charts", "codes"]       # all unless named
code_everything = false

[encounter]                         # facts of the encounters that the files do not say, or that win over theirs
patient_class = "outpatient"

[floors]                            # the command fails below one of these
"codes.f1" = 0.7

[ceilings]                          # and above one of these
"traps.coded" = 2
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from evals.aggregate import Scorer
from evals.gold import GoldChart, GoldError, GoldSet
from evals.run import Setting
from evals.score import figure_at
from evals.scorers import BY_NAME
from guardrails.policy import SHIPPED
from records.base import Record

PROMPT = "coder"


class SuiteError(Exception):
    """A suite that cannot be run. One line that names the file and the fault."""


class Suite(Record):
    """What a suite says. ``path`` is the file it was read from, or the gold set itself."""

    path: Path
    name: str
    description: str = ""
    charts: tuple[str, ...] = Field(min_length=1)
    model: str | None = None
    policy: str | None = None
    prompt: str | None = Field(default=None, pattern=rf"{PROMPT}/v[1-9][0-9]*")
    scorers: tuple[str, ...] = tuple(BY_NAME)
    code_everything: bool = False
    encounter: dict[str, str] = Field(default_factory=dict)
    floors: dict[str, float] = Field(default_factory=dict)
    ceilings: dict[str, float] = Field(default_factory=dict)

    def setting(self, model: str | None = None, policy: str | None = None) -> Setting:
        """What codes the charts; what is asked for on the command line wins."""
        return Setting(
            model or self.model or "offline",
            policy or self._policy() or "supervised",
            int(self.prompt.rpartition("/v")[2]) if self.prompt else None,
            self.code_everything,
        )

    def gold(self, given: Mapping[str, str] | None = None, limit: int | None = None) -> GoldCharts:
        """The charts of the suite. GoldError when one of its sets cannot be scored."""
        facts = {**self.encounter, **(given or {})}
        return GoldCharts([GoldSet(self.path.parent / one, facts, limit) for one in self.charts], limit)

    @property
    def chosen(self) -> tuple[Scorer, ...]:
        """The scorers, in the order of the report."""
        return tuple(scorer for name, scorers in BY_NAME.items() if name in self.scorers for scorer in scorers)

    def missed(self, report: Mapping[str, Any]) -> tuple[str, ...]:
        """A line for each floor and ceiling that the report does not keep. What could not be scored keeps none."""
        told = [_missed(report, key, bound, "floor") for key, bound in self.floors.items()]
        told += [_missed(report, key, bound, "ceiling") for key, bound in self.ceilings.items()]
        return tuple(filter(None, told))

    def _policy(self) -> str | None:
        if self.policy is None or self.policy in SHIPPED:
            return self.policy
        return str(self.path.parent / self.policy)


class GoldCharts:
    """The charts of several gold sets after each other."""

    def __init__(self, sets: list[GoldSet], limit: int | None) -> None:
        self._sets = sets
        whole = sum(map(len, sets))
        self._count = whole if limit is None else min(whole, limit)
        self._distinct()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[GoldChart]:
        charts = (chart for one in self._sets for chart in one)
        for _, chart in zip(range(self._count), charts, strict=False):
            yield chart

    def _distinct(self) -> None:
        if len(self._sets) > 1:
            seen: set[str] = set()
            for chart in self:
                if chart.id in seen:
                    raise GoldError(f"id {chart.id!r} stands in two sets of the suite")
                seen.add(chart.id)


def read_suite(path: Path) -> Suite:
    """The suite in a TOML file; or a gold set, in any format, as a suite without floors."""
    if path.suffix.lower() != ".toml":
        return Suite(path=path, name=path.stem, charts=(path.name or ".",))
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SuiteError(f"{path}: cannot be read ({error.strerror or type(error).__name__})") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SuiteError(f"{path}: not valid TOML") from None
    try:
        suite = Suite.model_validate({"name": path.stem, **fields, "path": path})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_input=False)[:3]
        )
        raise SuiteError(f"{path}: {faults}") from None
    unknown = [name for name in suite.scorers if name not in BY_NAME]
    if unknown:
        raise SuiteError(f"{path}: scorer {unknown[0]!r} is not one of {', '.join(BY_NAME)}")
    return suite


def _missed(report: Mapping[str, Any], key: str, bound: float, kind: str) -> str:
    try:
        figure = figure_at(report, key)
    except KeyError:
        return f"{kind} {key}: the report has no such figure"
    if figure is None:
        return f"{kind} {key}: could not be scored ({bound:g} is asked for)"
    kept = figure >= bound if kind == "floor" else figure <= bound
    return "" if kept else f"{kind} {key}: {figure:g} is {'below' if kind == 'floor' else 'above'} {bound:g}"
