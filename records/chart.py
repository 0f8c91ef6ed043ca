"""The chart: an encounter with its documents, and the spans that point into them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import datetime
from functools import cached_property

from pydantic import Field, model_validator

from records.base import Record
from records.encounter import Encounter


class Document(Record):
    """One document as it was received. ``text`` is never changed: every offset in the system points into it.

    ``kind`` and ``author_role`` are open vocabularies; an unknown role is kept and may not establish a diagnosis.
    ``signed`` is None when the source does not say, False only when it says the document is unsigned.
    ``encounter_id`` names the encounter a copied-in document belongs to; empty means this one.
    """

    id: str = Field(min_length=1)
    kind: str = "unknown"
    author_role: str = "unknown"
    signed_at: datetime | None = None
    signed: bool | None = None
    encounter_id: str = ""
    text: str

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """The (start, end) offsets of every line, without its line break. Line 1 is at index 0."""
        bounds = []
        start = 0
        for piece in self.text.splitlines(keepends=True):
            bounds.append((start, start + len(piece.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))))
            start += len(piece)
        return tuple(bounds)

    def line_of(self, offset: int) -> int:
        """The 1-based number of the line that holds ``offset``."""
        return max(bisect_right(self._starts, offset), 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.lines]

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``; ValueError when the offsets do not lie inside the text."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} is outside document {self.id!r}")
        return Span(document=self.id, start=start, end=end, text=self.text[start:end])


class Span(Record):
    """Verbatim evidence: half-open offsets into a document, with the words found there."""

    document: str
    start: int = Field(ge=0)
    end: int
    text: str

    @model_validator(mode="after")
    def _is_not_empty(self) -> Span:
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError("a span's offsets and text disagree")
        return self


class Chart(Record):
    """All documents of one encounter. Document ids are unique."""

    encounter: Encounter
    documents: tuple[Document, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Chart:
        ids = [document.id for document in self.documents]
        if len(set(ids)) != len(ids):
            raise ValueError("two documents of the chart have the same id")
        return self

    @cached_property
    def _by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    def document(self, document_id: str) -> Document | None:
        """The document of that id, or None."""
        return self._by_id.get(document_id)

    def holds(self, span: Span) -> bool:
        """True when the span's document exists and holds exactly the span's words at its offsets."""
        document = self._by_id.get(span.document)
        return document is not None and document.text[span.start : span.end] == span.text

    @cached_property
    def sha256(self) -> str:
        """The hash of the whole chart's canonical JSON; with the encounter's id it is the idempotency key."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
