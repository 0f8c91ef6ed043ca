"""What the page shows, taken from each chart as it is scored. Of a long set only the worst charts are kept whole."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from codebook.book import BookError, CodeBook, open_book
from evals.case import Case
from evals.results import Outcome
from evals.scorers.coverage import COVERAGE, CoverageSheet
from evals.scorers.errors import nearest
from records.result import Provenance

SHOWN_AT_MOST = 400
SLOWEST = 10
NOWHERE = "none"


class Collected:
    """The charts to show, and the sums over all of them."""

    def __init__(self, shown_at_most: int = SHOWN_AT_MOST) -> None:
        self.sheet: CoverageSheet = COVERAGE.sheet()
        self.charts = 0
        self.setting: dict[str, str] = {}
        self.chapters: dict[str, str] = {}
        self.confusion: Counter[tuple[str, str]] = Counter()
        self.stops: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.slowest: list[tuple[float, int, dict[str, Any]]] = []
        self._most = shown_at_most
        self._kept: list[tuple[int, int, dict[str, Any]]] = []

    def add(self, case: Case) -> None:
        """Take one scored chart."""
        self.sheet.add(case)
        self.confusion.update(_confusion(case))
        self._name_chapters(case)
        self._count_stops(case)
        if case.result and case.result.provenance:
            made = case.result.provenance
            self._time(case, made)
            self.setting = {
                "model": made.model,
                "prompt": made.prompt,
                "policy": made.policy,
                "releases": ", ".join(made.releases),
            }
        worth = (_badness(case), -self.charts)
        kept = heapq.heappush if len(self._kept) < self._most else heapq.heappushpop
        kept(self._kept, (*worth, _shown(case, self.charts)))
        self.charts += 1

    def shown(self) -> list[dict[str, Any]]:
        """The charts kept, in the order of the set, with the out-of-fold scores of their codes."""
        scores = self.sheet.scores()
        charts = sorted((one for _, _, one in self._kept), key=lambda one: int(one["number"]))
        for chart in charts:
            found = scores[chart["number"]]
            for code, score in zip((one for one in chart["codes"] if one["standing"] != "missed"), found, strict=True):
                code["score"] = None if score is None else round(score, 3)
        return charts

    def _time(self, case: Case, made: Provenance) -> None:
        chart = case.gold_chart.chart
        told = {
            "id": case.gold_chart.id,
            "seconds": made.seconds,
            "tokens": made.tokens.prompt + made.tokens.completion,
            "characters": sum(len(document.text) for document in chart.documents) if chart else 0,
        }
        heapq.heappush(self.slowest, (made.seconds, -self.charts, told))
        if len(self.slowest) > SLOWEST:
            heapq.heappop(self.slowest)

    def _name_chapters(self, case: Case) -> None:
        for chapter in set(case.chapters.values()):
            number = chapter.removeprefix("Chapter ")
            if number not in self.chapters:
                self.chapters[number] = _describer(case)(chapter)

    def _count_stops(self, case: Case) -> None:
        """For every rule: the charts it stopped, and of the codes it named how many were right after all."""
        if case.result is None:
            return
        right = {prediction.code for prediction, good in case.counted if good}
        wrong = {prediction.code for prediction, good in case.counted if not good}
        spelled = {prediction.assignment.code: prediction.code for prediction in case.predictions}
        seen: set[tuple[str, str]] = set()
        for finding in case.result.findings:
            key = finding.rule_id, str(finding.severity)
            sums = self.stops[key]
            sums["charts"] += key not in seen
            sums["findings"] += 1
            seen.add(key)
            for code in {spelled.get(code, code) for code in finding.codes}:
                sums["right"] += code in right
                sums["wrong"] += code in wrong


def _badness(case: Case) -> int:
    return len(case.pairing.missed) + len(case.pairing.extra) + 100 * case.failed


def _confusion(case: Case) -> Iterator[tuple[str, str]]:
    """The chapter of the gold code and of the code given for it, for every code on either side."""
    for index in case.pairing.credited:
        chapter = _chapter(case, case.predictions[index].code)
        yield chapter, chapter
    for missed, extra in nearest(case):
        yield (_chapter(case, missed) if missed else NOWHERE), (_chapter(case, extra) if extra else NOWHERE)


def _chapter(case: Case, code: str) -> str:
    return case.chapters.get(code, "not in the book").removeprefix("Chapter ")


def _shown(case: Case, number: int) -> dict[str, Any]:
    result, made = case.result, case.result.provenance if case.result else None
    outcome = Outcome.of(case)
    return {
        "number": number,
        "id": case.gold_chart.id,
        "error": (result.error if result else None) or case.gold_chart.error or None,
        "disposition": str(result.disposition) if result else "held",
        "reasons": list(result.reasons) if result else [],
        "exact": outcome.exact,
        "final": outcome.final,
        "lead": outcome.lead,
        "errors": _badness(case),
        "seconds": made.seconds if made else None,
        "codes": list(_codes(case)),
        "traps": list(_traps(case)),
        "findings": _findings(case),
        "queries": [query.title or query.question for query in result.queries] if result else [],
        "documents": list(_documents(case)),
    }


def _codes(case: Case) -> Iterator[dict[str, Any]]:
    """The predicted codes in sequence, then the missed ones; each with its standing."""
    describe = _describer(case)
    pairing = case.pairing
    for index, prediction in enumerate(case.predictions):
        standing = "correct" if index in pairing.credited else "neutral" if index in pairing.neutral else "extra"
        told = {"code": prediction.code, "standing": standing, "leads": prediction.assignment.leads}
        yield {**told, "title": describe(prediction.code), "why": prediction.assignment.rationale}
    for group in pairing.missed:
        accepted = case.must[group].any_of
        yield {"code": " or ".join(accepted[:4]), "standing": "missed", "title": describe(accepted[0]), "why": ""}


def _describer(case: Case) -> Any:
    book: CodeBook | None = None
    if case.gold_chart.chart is not None:
        try:
            book = open_book(case.gold_chart.chart.encounter.code_set_date)
        except BookError:
            book = None

    def describe(code: str) -> str:
        entry = book.entry(code) if book else None
        return entry.description if entry else ""

    return describe


def _traps(case: Case) -> Iterator[dict[str, Any]]:
    right = {code for group in case.gold_chart.gold.codes for code in group.any_of}
    given = {prediction.code for prediction in case.predictions} - right
    for trap in case.gold_chart.gold.traps or ():
        yield {"code": trap.code, "quote": trap.quote, "why": trap.why_not, "coded": trap.code in given and not case.failed}


def _findings(case: Case) -> list[dict[str, Any]]:
    found = case.result.findings if case.result else ()
    return [
        {"rule": one.rule_id, "severity": str(one.severity), "message": one.message, "codes": list(one.codes)} for one in found
    ]


def _documents(case: Case) -> Iterator[dict[str, Any]]:
    """The texts with where gold and predicted evidence stands: (start, end, whose, code)."""
    chart = case.gold_chart.chart
    if chart is None:
        return
    for document in chart.documents:
        marks = [
            (span.start, span.end, "gold", group.any_of[0])
            for group in case.gold_chart.gold.codes
            for span in group.evidence or ()
            if span.document == document.id
        ]
        marks += [
            (span.start, span.end, "predicted", prediction.code)
            for prediction in case.predictions
            for span in prediction.assignment.evidence
            if span.document == document.id
        ]
        yield {"id": document.id, "kind": document.kind, "text": document.text, "marks": sorted(marks)}
