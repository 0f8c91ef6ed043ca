"""DC-005: documentation of one condition on either side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from codebook.sides import mirrored, site_of
from codebook.words import stems, tokens
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.statements import PRESENT, own_documents
from guardrails.told_side import OPPOSITE
from records.chart import Document, Span
from records.laterality import SIDES, sides_in
from records.reading import KEPT, reading
from records.section import Section

_STORY = frozenset({"hpi", "chief_complaint"})


@rule(
    "DC-005",
    title="Conflicting side",
    severity="review",
    source="Official Guidelines I.B.13 and I.B.14: the provider is queried",
)
def conflicting_side(coded: CodedChart) -> Iterator[Hit]:
    """No sentence of the record states the condition of a one-sided code on the other side, and neither the story nor another
    document names its part of the body on the other side alone, unless something of that side is coded as well. A right and a
    left code of one condition do not each rest on a section that knows nothing of the other side."""
    for diagnosis in coded.known:
        sides = mirrored(coded.book, diagnosis.code)
        if sides.side not in OPPOSITE or not any(sides_in(sentence) == {sides.side} for sentence in diagnosis.sentences):
            continue
        other = OPPOSITE[sides.side]
        paired = next((one for one in coded.known if one.code == getattr(sides, other)), None)
        if paired is not None:
            yield from _pair(diagnosis, paired) if sides.side == "right" else ()
        elif not _has(coded, diagnosis, other):
            opposed = (*_stated(coded, diagnosis, getattr(sides, other), other), *_told(coded, diagnosis, other))
            if opposed:
                message = f"{diagnosis.title}: the record also documents the {other} side."
                yield Hit(message, (diagnosis.name,), tuple(dict.fromkeys(opposed)))


def _pair(right: Diagnosis, left: Diagnosis) -> Iterator[Hit]:
    both = any("bilateral" in sides_in(sentence) for sentence in (*right.sentences, *left.sentences))
    if not both and left.usable and not _places(right) & _places(left):
        spans = tuple(judged.span for judged in (*right.usable, *left.usable))
        message = f"{right.title}: one part of the record documents the right side, another the left."
        yield Hit(message, (right.name, left.name), spans)


def _places(diagnosis: Diagnosis) -> set[tuple[str, str]]:
    return {(judged.span.document, judged.section) for judged in diagnosis.usable}


def _has(coded: CodedChart, diagnosis: Diagnosis, side: str) -> bool:
    """Whether another code is for the same part of the body on that side, so that words about it need no explanation."""
    there = [one for one in coded.known if _names(one, _site(diagnosis)) or _names(diagnosis, _site(one))]
    return any(mirrored(coded.book, one.code).side in (side, "bilateral") for one in there)


def _names(diagnosis: Diagnosis, site: str) -> bool:
    """Whether the code's title names that part of the body."""
    return bool(site) and site in diagnosis.title.lower()


def _site(diagnosis: Diagnosis) -> str:
    return site_of(diagnosis.title)


def _stated(coded: CodedChart, diagnosis: Diagnosis, mirror: str, side: str) -> Iterator[Span]:
    """The sentences of that side alone that state the condition: in the words of a quote, or in words that reach the code of that
    side."""
    site = stems(_site(diagnosis))
    sided = [judged for judged in diagnosis.usable if sides_in(judged.sentence) - {side}]
    quotes = [stems(judged.span.text) | (site & stems(judged.sentence)) for judged in sided]
    # A sentence about the place alone says nothing of the condition.
    named = stems("\n".join((diagnosis.title, *diagnosis.texts))) - site
    for document in own_documents(coded.chart):
        for span, section in _sided(document):
            if not section.codable or sides_in(span.text) != {side} or not _present(document, span):
                continue
            words = stems(span.text)
            reached = words & named and coded.book.support(mirror, (span.text,)).reaches
            if reached or any(quote - site and quote <= words for quote in quotes):
                yield span


def _present(document: Document, span: Span) -> bool:
    """Whether each naming of a side in a sentence is a statement of what is there now."""
    named = [token for token in tokens(document.text, span.start, span.end) if token.folded in SIDES]
    return all(str(reading(document).assertion(token.start, token.end).assertion) in PRESENT for token in named)


def _told(coded: CodedChart, diagnosis: Diagnosis, side: str) -> Iterator[Span]:
    """The sentences on the code's part of the body in the story, or in another document, when all of them there name that side
    alone."""
    site = _site(diagnosis)
    evidence = {judged.span.document for judged in diagnosis.usable}
    for document in own_documents(coded.chart) if site else ():
        other = document.id not in evidence
        telling = [span for span, section in _sided(document) if section.kind in _STORY or (other and section.codable)]
        about = [span for span in telling if site in span.text.lower()]
        if {one for span in about for one in sides_in(span.text)} == {side}:
            yield from about


@lru_cache(maxsize=KEPT)
def _sided(document: Document) -> tuple[tuple[Span, Section], ...]:
    """The sentences that name a side, each with its section."""
    read = reading(document)
    named = ((low, high) for low, high in read.sentences if sides_in(document.text[low:high]))
    return tuple((document.span(low, high), read.section_at(low)) for low, high in named)
