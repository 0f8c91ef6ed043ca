"""A file of results: written as each chart is done, read to take up where a run stopped, and to compare two runs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pydantic import Field, ValidationError

from evals.case import Case
from evals.gold import GoldChart
from records.base import Record
from records.chart import Chart
from records.finding import Disposition
from records.result import CodingResult


class ResultsError(Exception):
    """A results file that cannot be read or written. One line."""


class Outcome(Record):
    """How one result was scored: all that comparing two runs needs, and no chart text.

    ``missed`` are the groups nobody answered, each as its first code. ``lead`` says whether the leading diagnosis is right,
    None where the gold names none.
    """

    correct: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    failed: bool = False
    exact: bool = False
    final: bool = False
    lead: bool | None = None
    disposition: Disposition | None = None

    @classmethod
    def of(cls, case: Case) -> Outcome:
        """The outcome of a scored chart."""
        codes, pairing = [prediction.code for prediction in case.predictions], case.pairing
        accepted = case.gold_chart.gold.first_listed
        return cls(
            correct=tuple(codes[index] for index in pairing.credited),
            extra=tuple(codes[index] for index in pairing.extra),
            neutral=tuple(codes[index] for index in pairing.neutral),
            missed=tuple(case.must[group].any_of[0] for group in pairing.missed),
            failed=case.failed,
            exact=case.exact,
            final=case.final,
            lead=(case.lead is not None and case.lead.code in accepted) if accepted else None,
            disposition=case.result.disposition if case.result else None,
        )


class Line(Record):
    """One line of a results file."""

    run: str
    chart_sha256: str
    result: CodingResult
    outcome: Outcome = Field(default_factory=Outcome)


class Results:
    """An open results file. Where a line stands is kept, not the line: a long file costs little."""

    def __init__(self, file: IO[bytes] | None) -> None:
        self._file = file
        self._places: dict[tuple[str, str], int] = {}
        self._lines: dict[str, tuple[str, Outcome]] = {}
        if file is not None:
            self._find()

    @classmethod
    @contextmanager
    def at(cls, path: Path | None) -> Iterator[Results]:
        """The results file at this path, made if it is not there; no path keeps nothing."""
        if path is None:
            yield cls(None)
            return
        try:
            # What is not there is made for its owner alone.
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        except OSError as error:
            raise ResultsError(f"{path}: cannot be opened ({error.strerror or type(error).__name__})") from None
        with file:
            yield cls(file)

    def done(self, run: str, chart_id: str, chart: Chart) -> CodingResult | None:
        """The result of a chart that this run has coded without failing; None when it has not, or the chart has changed."""
        place = self._places.get((run, chart_id))
        if self._file is None or place is None:
            return None
        self._file.seek(place)
        line = _read(self._file.readline())
        if line is None or line.chart_sha256 != chart.sha256 or line.result.error is not None:
            return None
        self._lines[chart_id] = (run, line.outcome)
        return line.result

    def keep(self, run: str, case: Case) -> None:
        """Write a line, unless it stands already as it would be written."""
        outcome, chart = Outcome.of(case), case.gold_chart.chart
        kept = self._lines.pop(case.gold_chart.id, None) == (run, outcome)
        if self._file is None or kept or case.result is None or chart is None:
            return
        line = Line(run=run, chart_sha256=chart.sha256, result=case.result, outcome=outcome)
        self._file.seek(0, os.SEEK_END)
        self._file.write(line.model_dump_json().encode() + b"\n")
        self._file.flush()

    def _find(self) -> None:
        """Where the last line of each chart begins. A line that was cut off by a stop gets an end."""
        assert self._file is not None
        place, whole = 0, True
        for line in self._file:
            whole = line.endswith(b"\n")
            if (name := _name(line)) is not None:
                self._places[name] = place
            place += len(line)
        if not whole:
            self._file.write(b"\n")


def outcomes(path: Path) -> dict[str, Outcome]:
    """The outcome of every chart of a results file by its id, the last line of each. ResultsError when there is none."""
    found: dict[str, Outcome] = {}
    try:
        with path.open("rb") as file:
            for line in filter(None, map(_read, file)):
                found[line.result.id] = line.outcome
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read ({error.strerror or type(error).__name__})") from None
    if not found:
        raise ResultsError(f"{path}: no result in it; make one with chartproof eval GOLD --out FILE")
    return found


def rescored(path: Path, gold: Iterable[GoldChart]) -> dict[str, Outcome]:
    """The outcome of every chart of a results file that this gold has, scored against it."""
    charts = {chart.id: chart for chart in gold}
    found: dict[str, Outcome] = {}
    with path.open("rb") as file:
        for line in filter(None, map(_read, file)):
            if line.result.id in charts:
                found[line.result.id] = Outcome.of(Case(charts[line.result.id], line.result))
    return found


def _name(line: bytes) -> tuple[str, str] | None:
    """The run and the chart of a line. None for one that was cut off by a stop: its chart is coded again."""
    try:
        given: Any = json.loads(line)
        return str(given["run"]), str(given["result"]["id"])
    except (ValueError, KeyError, TypeError):
        return None


def _read(line: bytes) -> Line | None:
    try:
        return Line.model_validate_json(line)
    except ValidationError:
        return None
