"""One scored chart: its gold beside what was predicted, paired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from codebook.book import BookError, open_book
from evals.gold import GoldChart, GoldCode, spelled
from evals.pairing import Pairing, pair
from records.code import CodeAssignment
from records.finding import Disposition
from records.result import CodingResult

SCORED_SYSTEM = "icd10cm"


@dataclass(frozen=True)
class Prediction:
    """One predicted code, spelled as the book spells it. ``score`` is its calibrated score, None when there is none."""

    code: str
    assignment: CodeAssignment = field(repr=False)
    score: float | None = None


@dataclass(frozen=True)
class Case:
    """A gold chart with its result. A chart without a result, or with one that has an error, failed: it predicts nothing.

    ``chapters`` maps the codes that the book of the chart's date knows to their chapter.
    """

    gold_chart: GoldChart
    result: CodingResult | None
    scores: Mapping[str, float] = field(default_factory=dict)
    chapters: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def failed(self) -> bool:
        """Whether the chart was not coded."""
        return self.result is None or self.result.error is not None

    @property
    def final(self) -> bool:
        """Whether the coding went out without a person."""
        return not self.failed and self.result is not None and self.result.disposition is Disposition.FINAL_CODED

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """The predicted diagnoses in sequence, each code once, those outside the label space left out."""
        if self.failed or self.result is None:
            return ()
        labels = self.gold_chart.labels
        kept: dict[str, Prediction] = {}
        for assignment in sorted(self.result.codes, key=lambda assignment: assignment.sequence):
            code = spelled(assignment.code)
            if assignment.system == SCORED_SYSTEM and (labels is None or code in labels):
                kept.setdefault(code, Prediction(code, assignment, self.scores.get(code)))
        return tuple(kept.values())

    @cached_property
    def must(self) -> tuple[GoldCode, ...]:
        """The gold groups that have to be answered."""
        return self.gold_chart.gold.tier("must")

    @cached_property
    def may(self) -> frozenset[str]:
        """The codes that are neutral."""
        return frozenset(code for group in self.gold_chart.gold.tier("may") for code in group.any_of)

    @cached_property
    def pairing(self) -> Pairing:
        """Which prediction answers which must group."""
        return pair([prediction.code for prediction in self.predictions], [group.any_of for group in self.must], self.may)

    @property
    def lead(self) -> Prediction | None:
        """The prediction that stands first: by its role, else by its sequence."""
        leading = [prediction for prediction in self.predictions if prediction.assignment.leads]
        return next(iter(leading or self.predictions), None)

    @cached_property
    def counted(self) -> tuple[tuple[Prediction, bool], ...]:
        """The predictions that are not neutral, in sequence, each with whether it is right."""
        neutral = set(self.pairing.neutral)
        return tuple(
            (prediction, index in self.pairing.credited)
            for index, prediction in enumerate(self.predictions)
            if index not in neutral
        )

    @property
    def exact(self) -> bool:
        """Whether nothing is missed and nothing is extra. A failed chart is never exact."""
        return not (self.failed or self.pairing.missed or self.pairing.extra)


def case_of(gold_chart: GoldChart, result: CodingResult | None) -> Case:
    """A gold chart with its result, and the chapters of the codes on either side."""
    bare = Case(gold_chart, result)
    wanted = (code for group in bare.must for code in group.any_of)
    predicted = (prediction.code for prediction in bare.predictions)
    return Case(gold_chart, result, chapters=_chapters(gold_chart, (*wanted, *predicted)))


def _chapters(gold_chart: GoldChart, codes: Iterable[str]) -> dict[str, str]:
    if gold_chart.chart is None:
        return {}
    try:
        book = open_book(gold_chart.chart.encounter.code_set_date)
    except BookError:
        return {}
    entries = ((code, book.entry(code)) for code in dict.fromkeys(codes))
    return {code: entry.path[0] for code, entry in entries if entry is not None and entry.path}
