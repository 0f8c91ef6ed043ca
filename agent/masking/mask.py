"""The mask of one chart: what goes out in the place of what, and the way back."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from agent.masking.dates import Found, find, shift_for
from records.base import Record
from records.chart import Chart, Document, Span
from records.code import Citation, CodeAssignment, Considered
from records.encounter import Encounter
from records.query import Query

LETTER, CAPITAL, DIGIT = "x", "X", "0"
_DATES = ("admit_date", "discharge_date", "service_date", "birth_date")


class MaskError(Exception):
    """The chart cannot be masked so that every offset holds. One line without a word of it."""


class _Patterns(Record):
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    shortest_alone: int


@dataclass(frozen=True)
class Mask:
    """A chart as it is sent, and the chart it was. ``days`` is what its dates were shifted by."""

    original: Chart
    masked: Chart
    days: int
    words: dict[str, str] = field(default_factory=dict, repr=False)

    def restored_code(self, code: CodeAssignment) -> CodeAssignment:
        """The code with its evidence in the words of the original chart."""
        evidence = tuple(self.restored_span(span) for span in code.evidence)
        ungrounded = tuple(self._citation(citation) for citation in code.ungrounded)
        return code.model_copy(
            update={"evidence": evidence, "ungrounded": ungrounded, "rationale": self.restored(code.rationale)}
        )

    def restored_considered(self, considered: Considered) -> Considered:
        """A considered code with its citations in the words of the original chart."""
        evidence = tuple(self._citation(citation) for citation in considered.evidence)
        return considered.model_copy(update={"evidence": evidence, "reason": self.restored(considered.reason)})

    def restored_query(self, query: Query) -> Query:
        """A query with its indicators and its words as the original chart has them."""
        told = {name: self.restored(getattr(query, name)) for name in ("title", "question")}
        indicators = tuple(self.restored_span(span) for span in query.clinical_indicators)
        options = tuple(self.restored(option) for option in query.options)
        return query.model_copy(update={**told, "clinical_indicators": indicators, "options": options})

    def restored_span(self, span: Span) -> Span:
        """The same place in the original chart."""
        document = self.original.document(self.original_id(span.document))
        assert document is not None, "a span of the masked chart has its document in the original"
        return document.span(span.start, span.end)

    def restored(self, text: str) -> str:
        """A model's own words with placeholders and shifted dates put back where there is one thing they can mean."""
        for masked, original in self.words.items():
            if len(masked) > 2:
                text = re.sub(rf"(?<!\w){re.escape(masked)}(?!\w)", lambda _, back=original: back, text)  # type: ignore[misc]
        return text

    def original_id(self, masked: str) -> str:
        """The id of the original document; any other word as it is."""
        places = {one.id: place for place, one in enumerate(self.masked.documents)}
        return self.original.documents[places[masked]].id if masked in places else masked

    def _citation(self, citation: Citation) -> Citation:
        document = self.masked.document(citation.document)
        at = document.text.find(citation.quote) if document and citation.quote else -1
        if document is None or at < 0:
            quote = self.restored(citation.quote)
        else:
            quote = self.restored_span(document.span(at, at + len(citation.quote))).text
        return citation.model_copy(update={"document": self.original_id(citation.document), "quote": quote})


def mask(chart: Chart) -> Mask:
    """Mask a chart: the encounter's identifiers, what its documents name as the patient's, and every full date.

    Raises MaskError when no shift of the dates keeps every length. A chart is masked the same way each time.
    """
    chance = random.Random(chart.sha256)
    identifiers = _identifiers(chart)
    places = {document.id: sorted(_unlike(document, identifiers)) for document in chart.documents}
    dates = {document.id: _outside(find(document.text), places[document.id]) for document in chart.documents}
    days = shift_for((one for found in dates.values() for one in found), chance)
    if days is None:
        raise MaskError("the chart's dates cannot be shifted without moving its words")
    words: dict[str, set[str]] = {}
    documents = []
    for number, document in enumerate(chart.documents, 1):
        text = _masked(document.text, places[document.id], dates[document.id], days, words)
        named = {"id": f"document-{number}", "encounter_id": "other" if document.encounter_id else ""}
        documents.append(document.model_copy(update={**named, "signed_at": None, "text": text}))
    masked = Chart(encounter=_encounter(chart.encounter, days), documents=tuple(documents))
    return Mask(chart, masked, days, {one: next(iter(back)) for one, back in words.items() if len(back) == 1})


def _encounter(encounter: Encounter, days: int) -> Encounter:
    shifted: dict[str, date] = {
        name: getattr(encounter, name) + timedelta(days) for name in _DATES if getattr(encounter, name) is not None
    }
    return encounter.model_copy(update={**shifted, "id": "", "identifiers": ()})


def _masked(text: str, places: Iterable[tuple[int, int]], dates: Iterable[Found], days: int, words: dict[str, set[str]]) -> str:
    letters = list(text)
    for start, end in places:
        placeholder = "".join(_placeholder(letter) for letter in text[start:end])
        words.setdefault(placeholder, set()).add(text[start:end])
        letters[start:end] = placeholder
    for found in dates:
        written = found.shifted(days)
        assert written is not None, "the shift was chosen so"
        words.setdefault(written, set()).add(found.text)
        letters[found.start : found.start + len(written)] = written
    return "".join(letters)


def _placeholder(letter: str) -> str:
    if letter.isalpha():
        return CAPITAL if letter.isupper() else LETTER
    return DIGIT if letter.isdigit() else letter


def _outside(found: Iterable[Found], places: list[tuple[int, int]]) -> list[Found]:
    """The dates that no identifier covers, each once."""
    kept: dict[int, Found] = {}
    for one in found:
        if all(one.start >= end or one.start + len(one.text) <= start for start, end in places):
            kept.setdefault(one.start, one)
    return list(kept.values())


@cache
def _patterns() -> _Patterns:
    return _Patterns.model_validate(tomllib.loads(files("agent.masking").joinpath("identifiers.toml").read_text("utf-8")))


def _identifiers(chart: Chart) -> set[str]:
    """Words to mask wherever they stand: the encounter's identifiers, and the names its documents give the patient."""
    known = {one.strip() for one in (*chart.encounter.identifiers, chart.encounter.id) if one.strip()}
    for document in chart.documents:
        for pattern in _patterns().names:
            known.update(match.group(1).strip(" .,") for match in re.finditer(pattern, document.text))
    shortest = _patterns().shortest_alone
    alone = {part for one in known for part in _parts(one) if len(part) >= shortest}
    shapes = {shape for part in alone for shape in (part, part.capitalize(), part.upper()) if not shape.islower()}
    return {one for one in known if len(one) >= shortest} | shapes


def _parts(name: str) -> list[str]:
    """The parts of a name; none of what holds more than letters: a part of a number says nothing."""
    parts = [part.strip(".") for part in re.split(r"[\s,]+", name)]
    return parts if all(part.isalpha() for part in parts if part) else []


def _unlike(document: Document, identifiers: set[str]) -> Iterator[tuple[int, int]]:
    """The places of identifiers in a document."""
    for pattern in (*_patterns().names, *_patterns().numbers):
        for match in re.finditer(pattern, document.text):
            yield match.span(1)
    for one in identifiers:
        loose = r"\s+".join(re.escape(part) for part in one.split())
        for match in re.finditer(rf"(?<!\w){loose}(?!\w)", document.text):
            yield match.span()
