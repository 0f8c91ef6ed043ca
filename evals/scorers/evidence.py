"""Evidence: is it in the chart word for word, and is it where the gold says it is.

Spans are compared as in MDACE (Cheng et al. 2023): over all codes together, a span with its code; trimmed of punctuation and
space at both ends; spans of one code that touch, or have nothing but punctuation and space between them, made one. Spans
of an extra code are wrong, those of a missed one are missed, those of a neutral one are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from evals.aggregate import Counts, Figure, Pooled, f1, ratio
from evals.case import Case
from evals.gold import GoldSpan
from records.chart import Chart, Span

Places = frozenset[tuple[str, int, int]]
_WORD = re.compile(r"\w")
_TRIMMED_LEFT = " \t\r\n-.,/;:)"
_TRIMMED_RIGHT = " \t\r\n-.,/;:("


def _tally(case: Case) -> Counts:
    return {**_verbatim(case), **_spans(case)}


def _verbatim(case: Case) -> Counts:
    chart = case.gold_chart.chart
    if chart is None:
        return {}
    spans = [span for prediction in case.predictions for span in prediction.assignment.evidence]
    unfound = sum(len(prediction.assignment.ungrounded) for prediction in case.predictions)
    return {"cited": len(spans) + unfound, "verbatim": sum(chart.holds(span) for span in spans)}


def _spans(case: Case) -> Counts:
    """A chart without any marked must group says nothing; in others, a group that nobody marked is left out."""
    chart = case.gold_chart.chart
    if not any(group.evidence for group in case.must):
        return {}
    if chart is None:
        return {"gold": sum(len(group.evidence or ()) for group in case.must)}
    sums: defaultdict[str, float] = defaultdict(float)
    answers = {group: case.predictions[index] for index, group in case.pairing.credited.items()}
    for index, group in enumerate(case.must):
        if group.evidence:
            answer = answers.get(index)
            _compare(places(chart, group.evidence), places(chart, answer.assignment.evidence if answer else ()), sums)
    for index in case.pairing.extra:
        _compare(frozenset(), places(chart, case.predictions[index].assignment.evidence), sums)
    return sums


def _compare(gold: Places, predicted: Places, sums: defaultdict[str, float]) -> None:
    sums["gold"] += len(gold)
    sums["predicted"] += len(predicted)
    sums["exact"] += len(gold & predicted)
    sums["gold_met"] += sum(any(_overlap(one, other) for other in predicted) for one in gold)
    sums["predicted_met"] += sum(any(_overlap(one, other) for other in gold) for one in predicted)


def places(chart: Chart, spans: Iterable[Span | GoldSpan]) -> Places:
    """The places of spans in a chart, trimmed and merged; what points outside the chart is nowhere."""
    by_document: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        by_document[span.document].append((span.start, span.end))
    return frozenset(
        (name, start, end)
        for name, bounds in by_document.items()
        if (document := chart.document(name)) is not None
        for start, end in _merged(document.text, bounds)
    )


def _merged(text: str, bounds: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(filter(None, (_trimmed(text, *bound) for bound in bounds))):
        if merged and not _WORD.search(text, merged[-1][1], start):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    words = text[start:end].rstrip(_TRIMMED_RIGHT)
    end = start + len(words)
    start = end - len(words.lstrip(_TRIMMED_LEFT))
    return (start, end) if start < end else None


def _overlap(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _figures(sums: defaultdict[str, float]) -> dict[str, Figure]:
    scored = sums["gold"] > 0
    return {
        "evidence.verbatim": ratio(sums["verbatim"], sums["cited"]),
        "evidence.overlap_f1": _overlap_f1(sums) if scored else None,
        "evidence.exact_f1": f1(sums["exact"], sums["predicted"], sums["gold"]) if scored else None,
    }


def _overlap_f1(sums: defaultdict[str, float]) -> float:
    """One span may meet several on the other side, so precision and recall have their own counts."""
    precision = ratio(sums["predicted_met"], sums["predicted"]) or 0.0
    recall = ratio(sums["gold_met"], sums["gold"]) or 0.0
    return ratio(2 * precision * recall, precision + recall) or 0.0


EVIDENCE = Pooled(_tally, _figures, rates=("evidence.verbatim", "evidence.overlap_f1", "evidence.exact_f1"))
