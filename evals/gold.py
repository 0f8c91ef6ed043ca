"""Gold charts: what a chart should be coded to, as the people who reviewed it wrote it down.

Unknown keys are kept, not refused: a gold set says more than a scorer reads, and promoting or checking it must lose nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from codebook.book import CodeBook
from evals.sources import Entry, SourceError, entries
from records.chart import Chart
from records.code import Poa

Tier = Literal["must", "may"]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class GoldError(Exception):
    """A gold set that cannot be scored against. The message names file, line and field, and holds no chart text."""


class GoldRecord(BaseModel):
    """A gold value: frozen, silent about its input in errors, and keeping the keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)


class GoldSpan(GoldRecord):
    """Where gold evidence stands: half-open offsets into a document, and the words there."""

    document: str
    start: int = Field(ge=0)
    end: int
    text: str = ""


class GoldCode(GoldRecord):
    """One diagnosis of the chart with the codes that are right for it. ``any_of`` is spelled as the book spells codes.

    A ``must`` group credits one prediction; a ``may`` group is neutral. ``evidence`` is None where nobody marked any.
    """

    any_of: tuple[str, ...] = Field(min_length=1)
    tier: Tier
    evidence: tuple[GoldSpan, ...] | None = None
    poa: Poa | None = None

    @field_validator("any_of")
    @classmethod
    def _spelled_alike(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(spelled(code) for code in codes))


class Trap(GoldRecord):
    """Words of the chart and the code they must not become."""

    code: str
    quote: str = ""
    why_not: str = ""

    @field_validator("code")
    @classmethod
    def _spelled_alike(cls, code: str) -> str:
        return spelled(code)


class Gold(GoldRecord):
    """What is right for one chart. ``first_listed`` and ``traps`` are None where the set does not say."""

    codes: tuple[GoldCode, ...]
    first_listed: tuple[str, ...] | None = None
    traps: tuple[Trap, ...] | None = None
    query: Any = None
    code_everything: bool = False
    label_space: str | tuple[str, ...] | None = None

    @field_validator("first_listed")
    @classmethod
    def _spelled_alike(cls, codes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if codes is None else tuple(spelled(code) for code in codes)

    @property
    def expects_query(self) -> bool:
        """Whether a query to the provider is expected."""
        return bool(self.query)

    def tier(self, tier: Tier) -> tuple[GoldCode, ...]:
        """The groups of one tier, in order."""
        return tuple(group for group in self.codes if group.tier == tier)


@dataclass(frozen=True)
class GoldChart:
    """A chart with its gold. ``chart`` is None with a reason in ``error`` when it cannot be read: it then counts as missed.

    ``labels`` is the label space, resolved: predictions outside it are not scored. None: all codes are scored.
    """

    id: str
    gold: Gold
    chart: Chart | None
    labels: frozenset[str] | None = None
    error: str = ""


def spelled(code: str) -> str:
    """A code as the book spells it; what does not look like one is only stripped and put in capitals."""
    return CodeBook.normalise(code) or code.strip().upper()


class GoldSet:
    """A gold set on disk: read whole and found fit when it is opened, then read again one chart at a time.

    Raises GoldError for a set that cannot be scored: gold that is missing or malformed, a label space that is not there, or
    an id that stands twice. ``given`` are facts of the encounters that the files do not say, or that win over theirs.
    """

    def __init__(self, path: Path, given: Mapping[str, str] | None = None, limit: int | None = None) -> None:
        self.path = path
        self._given = dict(given or {})
        self._limit = limit
        self._spaces: dict[str, frozenset[str]] = {}
        self._count = self._checked()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[GoldChart]:
        for _, chart in self._charts():
            yield chart

    def _charts(self) -> Iterator[tuple[str, GoldChart]]:
        folder = self.path if self.path.is_dir() else self.path.parent
        try:
            for entry in islice(entries(self.path, self._given), self._limit):
                yield entry.place, _gold_chart(entry, self._spaces, folder)
        except SourceError as error:
            raise GoldError(str(error)) from None

    def _checked(self) -> int:
        seen: dict[str, str] = {}
        for place, chart in self._charts():
            if chart.id in seen:
                raise GoldError(f"{place}: id {chart.id!r} stands already at {seen[chart.id]}")
            seen[chart.id] = place
        if not seen:
            raise GoldError(f"{self.path}: no gold chart in it")
        return len(seen)


def read_gold(path: Path) -> tuple[GoldChart, ...]:
    """Every chart of a gold set at once. Raises GoldError as opening it does."""
    return tuple(GoldSet(path))


def _gold_chart(entry: Entry, spaces: dict[str, frozenset[str]], folder: Path) -> GoldChart:
    if not isinstance(entry.gold, dict):
        raise GoldError(f"{entry.place}: has no gold")
    try:
        gold = Gold.model_validate(entry.gold)
    except ValidationError as error:
        raise GoldError(f"{entry.place}: gold {_faults(error)}") from None
    labels = _labels(gold.label_space, spaces, folder, entry.place)
    return GoldChart(entry.id, gold, entry.chart, labels, entry.error)


def _faults(error: ValidationError) -> str:
    """Where each fault is and what kind it is; never what was written there."""
    faults = error.errors(include_input=False, include_context=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['type']}" for fault in faults[:3])


def _labels(
    given: str | Iterable[str] | None, spaces: dict[str, frozenset[str]], folder: Path, place: str
) -> frozenset[str] | None:
    if given is None:
        return None
    if not isinstance(given, str):
        return frozenset(spelled(code) for code in given)
    if given not in spaces:
        spaces[given] = _label_file(given, folder, place)
    return spaces[given]


def _label_file(name: str, folder: Path, place: str) -> frozenset[str]:
    if not _NAME.fullmatch(name):
        raise GoldError(f"{place}: label_space is not a name")
    path = folder / f"{name}-label-space.json"
    try:
        codes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise GoldError(f"{place}: label space {path} cannot be read") from None
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise GoldError(f"{place}: label space {path} is not a list of codes")
    return frozenset(spelled(code) for code in codes)
