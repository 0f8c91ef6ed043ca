"""Coverage: the largest share of codes, and of charts, that could go out at a given precision of their codes.

It rests on calibrated scores, and these are always out of fold: the scores of a chart come from a calibration fitted without
it, on the other charts of the set. A chart is as sure as its least sure code; one without codes, or with a code that has no
score, is never taken. With too few charts to fit anything there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.calibration import Calibration, CalibrationError, shipped_calibration
from evals.aggregate import Figure, Ranked, RankedSheet, Weights
from evals.case import Case
from evals.fit import MIN_CHARTS, Unit, out_of_fold, usable

TARGETS = ("0.95", "0.97")


@dataclass
class _Chart:
    """What is kept of a chart: its codes with whether each is right (None for a neutral one), and the score it brought along."""

    sha256: str
    model: str
    codes: list[tuple[Unit | None, bool | None, float | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Coverage:
    """All four figures from one fit."""

    targets: tuple[str, ...] = TARGETS

    @property
    def rates(self) -> tuple[str, ...]:
        """The keys, all shares."""
        return tuple(f"coverage_at.{target}.{unit}" for target in self.targets for unit in ("codes", "charts"))

    def sheet(self) -> CoverageSheet:
        """An empty sheet."""
        return CoverageSheet(self)

    def measure(self, cases: Iterable[Case]) -> dict[str, Figure]:
        """The figures of a set."""
        sheet = self.sheet()
        for case in cases:
            sheet.add(case)
        return sheet.figures()


class CoverageSheet:
    """The signals of every code; the scores are worked out when all charts are there."""

    def __init__(self, scorer: Coverage) -> None:
        self._scorer = scorer
        self._charts: list[_Chart] = []
        self._ranked: list[RankedSheet] | None = None
        self._scores: list[list[float | None]] | None = None

    def add(self, case: Case) -> None:
        """Write down one chart."""
        chart, result = case.gold_chart.chart, case.result
        provenance = result.provenance if result else None
        kept = _Chart(chart.sha256 if chart else "", provenance.model if provenance else "")
        neutral = set(case.pairing.neutral)
        for index, prediction in enumerate(case.predictions):
            right = None if index in neutral else index in case.pairing.credited
            told = result.signals.get(prediction.assignment.code) if result else None
            unit = Unit(kept.sha256, told, bool(right), prediction.code) if told else None
            kept.codes.append((unit, right, prediction.score))
        self._charts.append(kept)
        self._ranked = self._scores = None

    def figures(self) -> dict[str, Figure]:
        """The figures of the charts written down."""
        return {key: figure for sheet in self._sheets() for key, figure in sheet.figures().items()}

    def resample(self, weights: Weights) -> dict[str, list[Figure]]:
        """Each figure in every resample. The fit stands: it is the choice of charts that is drawn anew."""
        return {key: drawn for sheet in self._sheets() for key, drawn in sheet.resample(weights).items()}

    def scores(self) -> list[list[float | None]]:
        """The out-of-fold score of every code of every chart, in their order."""
        if self._scores is None:
            self._scores = self._worked_out()
        return self._scores

    def _worked_out(self) -> list[list[float | None]]:
        given = [[score for _, _, score in chart.codes] for chart in self._charts]
        if any(score is not None for chart in given for score in chart):
            return given
        units = [unit for chart in self._charts for unit, right, _ in chart.codes if unit is not None and right is not None]
        if len({unit.chart for unit in units}) < MIN_CHARTS:
            return given
        return self._fitted(units)

    def scored(self) -> list[tuple[float, bool]]:
        """The out-of-fold score of every code that counts, and whether the code is right."""
        pairs = [
            (score, right)
            for chart, found in zip(self._charts, self.scores(), strict=True)
            for (_, right, _), score in zip(chart.codes, found, strict=True)
        ]
        return [(score, right) for score, right in pairs if score is not None and right is not None]

    def _fitted(self, units: list[Unit]) -> list[list[float | None]]:
        """Neutral codes are scored like the others, but teach nothing."""
        neutral = [unit for chart in self._charts for unit, right, _ in chart.codes if unit is not None and right is None]
        models = {chart.model for chart in self._charts if chart.codes}
        base = _base(models, {unit.chart for unit in units})
        found = dict(
            zip(map(id, [*units, *neutral]), out_of_fold(units, base.codes if base else None, more=neutral), strict=True)
        )
        return [[found.get(id(unit)) if unit else None for unit, _, _ in chart.codes] for chart in self._charts]

    def _sheets(self) -> list[RankedSheet]:
        if self._ranked is None:
            scores = self.scores()
            self._ranked = []
            for target in self._scorer.targets:
                codes, charts = (
                    RankedSheet(Ranked(f"coverage_at.{target}.{unit}", float(target))) for unit in ("codes", "charts")
                )
                for chart, found in zip(self._charts, scores, strict=True):
                    codes.add_units(_code_units(chart, found))
                    charts.add_units(_chart_units(chart, found))
                self._ranked += [codes, charts]
        return self._ranked


def _base(models: set[str], charts: set[str]) -> Calibration | None:
    try:
        return usable(shipped_calibration(), next(iter(models)), charts) if len(models) == 1 else None
    except CalibrationError:
        return None


def _code_units(chart: _Chart, scores: list[float | None]) -> list[tuple[float | None, int, int]]:
    return [(score, int(right), 1) for (_, right, _), score in zip(chart.codes, scores, strict=True) if right is not None]


def _chart_units(chart: _Chart, scores: list[float | None]) -> list[tuple[float | None, int, int]]:
    sure = [score for score in scores if score is not None]
    counted = [right for _, right, _ in chart.codes if right is not None]
    least = min(sure) if sure and len(sure) == len(scores) else None
    return [(least, sum(counted), len(counted))]


COVERAGE = Coverage()
