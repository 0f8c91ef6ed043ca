"""EV-027: an unspecified code although the chart specifies the condition elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from codebook.book import CodeBook
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.statements import own_documents
from guardrails.unspecified import is_unspecified, specifies
from records.chart import Document, Span
from records.reading import reading

_INJURIES = ("S00-T88", "V00-Y99")
# Where the condition of now is described; a list may be old, and a plan may speak of what to look for.
_DESCRIBING = frozenset(
    {"assessment", "assessment_plan", "impression", "diagnosis", "mdm", "hpi", "hospital_course", "findings", "microscopic"}
)


@rule(
    "EV-027",
    title="Specified elsewhere",
    severity="review",
    source="Official Guidelines I.A.19, I.B.2 and I.B.18: the highest specificity the record supports, from the whole record",
)
def detail_elsewhere(coded: CodedChart) -> Iterator[Hit]:
    """An unspecified code is not used when the story or the conclusions state the condition, anywhere in the record, in words
    that lead to a code that says more. What the sentence of the evidence says is EV-015."""
    assigned = {diagnosis.code for diagnosis in coded.diagnoses}
    for diagnosis in coded.known:
        if diagnosis in coded.covered(*_INJURIES) or not is_unspecified(coded.book, diagnosis.code) or not diagnosis.usable:
            continue
        found = [(code, span) for code, span in _stated(coded) if specifies(coded.book, diagnosis.code, code)]
        if found and not any(code in assigned for code, _ in found):
            named = ", ".join(dict.fromkeys(code for code, _ in found))
            message = f"{diagnosis.title}: the record says more elsewhere; see {named}."
            yield Hit(message, (diagnosis.name,), tuple(span for _, span in found))


def _stated(coded: CodedChart) -> Iterator[tuple[str, Span]]:
    """What the encounter's documents state, where they describe it and as its code needs it, by that code."""
    for document in own_documents(coded.chart):
        yield from _conditions(coded.book, document)


@lru_cache(maxsize=256)
def _conditions(book: CodeBook, document: Document) -> tuple[tuple[str, Span], ...]:
    read = reading(document)
    found = []
    for mention in book.spot(document.text):
        entry = book.entry(mention.codes[0]) if mention.codes else None
        if mention.ambiguous or entry is None or not entry.billable:
            continue
        need = book.need(entry.code)
        asserted = read.assertion(mention.start, mention.end).assertion
        if read.section_at(mention.start).kind in (*(need.sections or ()), *_DESCRIBING) and asserted in need.assertions:
            found.append((mention.codes[0], document.span(mention.start, mention.end)))
    return tuple(found)
