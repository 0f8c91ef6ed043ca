"""DC-004: documentation that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.sides import mirrored, sides_in, site_of
from codebook.words import stems, tokens
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.evidence import Judged
from guardrails.rule import Hit, rule
from guardrails.statements import PRESENT, own_documents, pattern, stated
from guardrails.tables import Row, table
from records.chart import Document, Span
from records.reading import reading

_OPPOSITE = {"left": "right", "right": "left"}
_STORY = frozenset({"hpi", "chief_complaint"})


@rule(
    "DC-004",
    title="Conflicting documentation",
    severity="review",
    source="Official Guidelines I.A.19, I.B.13 and I.B.14: the provider is queried",
)
def conflicting_documentation(coded: CodedChart) -> Iterator[Hit]:
    """The record does not state two things of which only one can be true: the condition of a code on the other side alone, or
    two types, stages, severities or intents of one condition, or one that the code denies. A person judges, who may query the
    provider. Which statements exclude each other is tables/conflicts.toml. Sides are read from the codes' titles: a part of
    the body that the story or another document names on the other side alone is a conflict as well, and a pair of codes for
    both sides is one only when each is told where nothing is known of the other."""
    on = coded.encounter.code_set_date
    for row in table("conflicts"):
        concerned = coded.covered(*row.codes) if row.in_force(on) else ()
        if concerned and (len(concerned) == 1 or not row.facts.get("single")):
            values = _values(coded, row)
            said = values.keys() | _coded(coded, row) if values else set()
            if len(said) > 1:
                message = f"The record and its codes say {' and '.join(sorted(said))}: {row.reason} is in conflict."
                yield Hit(message, tuple(d.name for d in concerned), tuple(found[0] for found in values.values()))
    for diagnosis in coded.known:
        yield from _other_side(coded, diagnosis)


def _values(coded: CodedChart, row: Row) -> dict[str, list[Span]]:
    """What the record states of the row's matter: the statements by value, where there are any."""
    assertions = frozenset(row.facts.get("assertions", PRESENT))
    found = {name: list(_stated(coded, row, expression, assertions)) for name, expression in row.facts["values"].items()}
    return {name: spans for name, spans in found.items() if spans}


def _coded(coded: CodedChart, row: Row) -> set[str]:
    """The values that the codes themselves say: with a statement of another, the code is as much in doubt as the chart."""
    return {name for name, codes in row.facts.get("coded", {}).items() if coded.covered(*codes)}


def _stated(coded: CodedChart, row: Row, expression: str, assertions: frozenset[str]) -> Iterator[Span]:
    near = row.facts.get("near", "")
    for span in stated(coded.chart, expression, assertions):
        if not near or pattern(near).search(_sentence(coded, span)):
            yield span


def _sentence(coded: CodedChart, span: Span) -> str:
    document = coded.chart.document(span.document)
    low, high = reading(document).sentence_at(span.start) if document else (0, 0)
    return document.text[low:high] if document else ""


def _other_side(coded: CodedChart, diagnosis: Diagnosis) -> Iterator[Hit]:
    sides = mirrored(coded.book, diagnosis.code)
    other = _OPPOSITE.get(sides.side, "")
    said = tuple(judged for judged in diagnosis.usable if sides_in(judged.sentence) == {sides.side})
    if not other or not said or any(one.code == sides.bilateral for one in coded.diagnoses):
        return
    paired = next((one for one in coded.known if one.code == getattr(sides, other)), None)
    if paired is not None:
        if sides.side == "right" and _apart(coded, diagnosis, paired):
            message = f"{diagnosis.title}: one part of the record documents the right side, another the left."
            yield Hit(message, (diagnosis.name, paired.name), tuple(judged.span for judged in (*said, *paired.usable)))
        return
    wanted = {_words(diagnosis, judged) for judged in said}
    elsewhere = _has_other(coded, diagnosis, other)
    mirror = "" if elsewhere else getattr(sides, other)
    opposed = tuple(_on_side(coded, mirror, wanted, other)) or (() if elsewhere else _told_of(coded, diagnosis, other))
    if opposed:
        message = f"{diagnosis.title}: the record also documents the {other} side."
        yield Hit(message, (diagnosis.name,), (*(judged.span for judged in said), *opposed))


def _told_of(coded: CodedChart, diagnosis: Diagnosis, other: str) -> tuple[Span, ...]:
    """Where another document, or the story of this one, names the code's part of the body and only ever on the other side."""
    site = _site(diagnosis)
    if not site:
        return ()
    own = {judged.span.document for judged in diagnosis.usable}
    found: list[Span] = []
    for document in own_documents(coded.chart):
        told = [(low, high) for low, high in reading(document).sentences if _tells(document, low, document.id in own)]
        sided = [(low, high, sides_in(document.text[low:high])) for low, high in told if site in document.text[low:high].lower()]
        if {side for *_, sides in sided for side in sides} == {other}:
            found += [document.span(low, high) for low, high, sides in sided if sides]
    return tuple(found)


def _tells(document: Document, offset: int, own: bool) -> bool:
    section = reading(document).section_at(offset)
    return section.kind in _STORY or (section.codable and not own)


def _has_other(coded: CodedChart, diagnosis: Diagnosis, side: str) -> bool:
    """Whether another code is for the same part of the body on that side, so that words about it need no explanation."""
    there = [
        one for one in coded.known if one is not diagnosis and (_names(one, _site(diagnosis)) or _names(diagnosis, _site(one)))
    ]
    return any(mirrored(coded.book, one.code).side in (side, "bilateral") for one in there)


def _names(diagnosis: Diagnosis, site: str) -> bool:
    """Whether the code's title names that part of the body."""
    return bool(site) and diagnosis.entry is not None and site in diagnosis.entry.description.lower()


def _site(diagnosis: Diagnosis) -> str:
    return site_of(diagnosis.entry.description) if diagnosis.entry is not None else ""


def _apart(coded: CodedChart, one: Diagnosis, other: Diagnosis) -> bool:
    """Whether no section that carries the one carries the other, and neither is said of both sides."""
    if any("both" in sides_in(sentence) for sentence in (*one.sentences, *other.sentences)):
        return False
    return bool(other.usable) and not _places(coded, one) & _places(coded, other)


def _places(coded: CodedChart, diagnosis: Diagnosis) -> set[tuple[str, int]]:
    documents = ((coded.chart.document(judged.span.document), judged.span) for judged in diagnosis.usable)
    return {(document.id, reading(document).section_at(span.start).start) for document, span in documents if document}


def _words(diagnosis: Diagnosis, judged: Judged) -> frozenset[str]:
    """The words of a quote, with the part of the body its sentence and the code's title name."""
    site = _site(diagnosis)
    return stems(judged.span.text) | (stems(site) & stems(judged.sentence))


def _on_side(coded: CodedChart, mirror: str, wanted: set[frozenset[str]], side: str) -> Iterator[Span]:
    """The sentences of that side alone that state the same condition: in the words of a quote, or, where there is a ``mirror``,
    in words that reach this code of that side."""
    for document in own_documents(coded.chart):
        read = reading(document)
        for low, high in read.sentences:
            if sides_in(document.text[low:high]) == {side} and read.section_at(low).codable:
                spans = [span for words in wanted if (span := _condition(document, low, high, words)) is not None]
                if not spans and mirror and _reaches(coded, mirror, document.text[low:high]):
                    spans = [document.span(low, high)]
                yield from (span for span in spans if str(read.assertion(span.start, span.end).assertion) == "present")


def _reaches(coded: CodedChart, code: str, sentence: str) -> bool:
    support = coded.book.support(code, (sentence,))
    return support.reaches and not support.missing


def _condition(document: Document, low: int, high: int, wanted: frozenset[str]) -> Span | None:
    """The part of a sentence that holds all the wanted words, or None."""
    held = [token for token in tokens(document.text, low, high) if token.stem in wanted]
    if not held or {token.stem for token in held} != wanted:
        return None
    return document.span(held[0].start, held[-1].end)
