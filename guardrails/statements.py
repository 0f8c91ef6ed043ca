"""What the chart says, wherever it says it: the statements a pattern finds, by how and where they are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from records.chart import Chart, Document, Span
from records.reading import reading

PRESENT = frozenset({"present"})


@cache
def pattern(expression: str) -> re.Pattern[str]:
    """The compiled expression of a table, without regard to small and capital letters. The words of tables are ASCII."""
    return re.compile(expression, re.IGNORECASE | re.ASCII)


def own_documents(chart: Chart) -> Iterator[Document]:
    """The documents that speak of this encounter and are not known to be unsigned; a coder's own words are none."""
    for document in chart.documents:
        other = document.encounter_id and document.encounter_id != chart.encounter.id
        if not other and document.signed is not False and document.author_role != "coder":
            yield document


def stated(chart: Chart, expression: str, assertions: frozenset[str] = PRESENT) -> Iterator[Span]:
    """Each place where the chart states what the expression matches, so asserted, in a section that may be coded from."""
    for document in own_documents(chart):
        for start, end in _places(document.text, expression):
            read = reading(document)
            if read.section_at(start).codable and str(read.assertion(start, end).assertion) in assertions:
                yield document.span(start, end)


@lru_cache(maxsize=4096)
def _places(text: str, expression: str) -> tuple[tuple[int, int], ...]:
    """Where the text has what the expression matches. Two rules may ask, and the model may be asked to correct."""
    return tuple(found.span() for found in pattern(expression).finditer(text) if found.end() > found.start())


def sentence_of(chart: Chart, span: Span) -> str:
    """The sentence a span of the chart begins in."""
    document = chart.document(span.document)
    assert document is not None, "the span is one of this chart"
    low, high = reading(document).sentence_at(span.start)
    return document.text[low:high]
