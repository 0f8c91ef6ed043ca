"""EV-027: an unspecified code although the chart specifies the condition elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from codebook.book import CodeBook
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.statements import own_documents
from guardrails.unspecified import is_unspecified, specifies, words_that_specify
from records.chart import Document, Span
from records.reading import KEPT, reading

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
        found = [(code, span) for code, span in _stated(coded, diagnosis) if specifies(coded.book, diagnosis.code, code)]
        if found and not any(code in assigned for code, _ in found):
            named = ", ".join(dict.fromkeys(code for code, _ in found))
            message = f"{diagnosis.title}: the record says more elsewhere; see {named}."
            yield Hit(message, (diagnosis.name,), tuple(span for _, span in found))


def _stated(coded: CodedChart, diagnosis: Diagnosis) -> Iterator[tuple[str, Span]]:
    """What the encounter's documents state, where they describe it, in sentences that may say more than the code; by its code."""
    words = words_that_specify(coded.book, diagnosis.code)
    for document in own_documents(coded.chart):
        sentences = _describing(document)
        said = "\n".join(text for _, _, text in sentences)
        telling = [word for word in words if word in said]
        for low, high, text in sentences if telling else ():
            if any(word in text for word in telling):
                yield from _conditions(coded.book, document, low, high)


@lru_cache(maxsize=KEPT)
def _describing(document: Document) -> tuple[tuple[int, int, str], ...]:
    """The sentences that describe the encounter's conditions, in small letters."""
    read = reading(document)
    places = ((low, high) for low, high in read.sentences if read.section_at(low).kind in _DESCRIBING)
    return tuple((low, high, document.text[low:high].lower()) for low, high in places)


@lru_cache(maxsize=16 * KEPT)
def _conditions(book: CodeBook, document: Document, low: int, high: int) -> tuple[tuple[str, Span], ...]:
    """The conditions a sentence states as their codes need it."""
    read = reading(document)
    found = []
    for mention in book.spot(document.text[low:high]):
        entry = book.entry(mention.codes[0]) if mention.codes else None
        if mention.ambiguous or entry is None or not entry.billable:
            continue
        start, end = low + mention.start, low + mention.end
        if read.assertion(start, end).assertion in book.need(entry.code).assertions:
            found.append((entry.code, document.span(start, end)))
    return tuple(found)
