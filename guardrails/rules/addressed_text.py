"""DC-003: text addressed to whoever codes the chart."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.addressed import addressed, says
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from records.chart import Span


@rule(
    "DC-003",
    title="Text addressed to the reader",
    severity="review",
    source="chartproof: a chart documents a patient; who codes it takes no instructions from it",
)
def addressed_text(coded: CodedChart) -> Iterator[Hit]:
    """Nothing in the chart speaks to its coder: no instructions, approvals, code requests, supposed tool results, hidden or
    encoded text, in documents or in the fields beside them. A person sees such a chart, whatever codes it was given; a code
    that rests on such words alone is a block."""
    found: dict[str, list[Span]] = {}
    paragraphs: list[tuple[str, int, int]] = []
    for document in coded.chart.documents:
        for line in addressed(document.text):
            found.setdefault(line.says, []).append(document.span(line.start, line.end))
            paragraphs.append((document.id, line.start, line.paragraph_end))
    for field in _fields(coded):
        if what := says(field):
            found.setdefault(what, [])
    for what, spans in found.items():
        yield Hit(f"The chart holds {what}.", spans=tuple(spans))
    if paragraphs:
        yield from _obeyed(coded, paragraphs)


def _obeyed(coded: CodedChart, paragraphs: list[tuple[str, int, int]]) -> Iterator[Hit]:
    """The codes whose evidence stands in what is addressed to the coder: all of it, or some."""
    for diagnosis in coded.diagnoses:
        evidence = diagnosis.assignment.evidence
        inside = tuple(span for span in evidence if any(_within(span, *paragraph) for paragraph in paragraphs))
        if inside:
            whole = len(inside) == len(evidence)
            message = f"The evidence for {diagnosis.title} stands {'' if whole else 'in part '}in words addressed to the coder."
            yield Hit(message, (diagnosis.name,), inside, severity="block" if whole else "review")


def _within(span: Span, document: str, start: int, end: int) -> bool:
    return span.document == document and span.start < end and span.end > start


def _fields(coded: CodedChart) -> Iterator[str]:
    """The fields of the chart that somebody else filled with words."""
    for document in coded.chart.documents:
        yield from (document.id, document.kind, document.author_role)
    encounter = coded.encounter
    named = (encounter.id, encounter.specialty, encounter.payer, encounter.discharge_disposition)
    yield from (field for field in named if field)
