"""Evidence as a person reads it: the quoted words in their line, with the document, the section and the line number."""

from __future__ import annotations

from typing import NamedTuple

from records.chart import Document, Span
from records.reading import reading


class Quotation(NamedTuple):
    """A span in its line: the words before it, the quoted words and the words after it, cut to a width where needed."""

    section: str
    line: int
    before: str
    words: str
    after: str


def quotation(document: Document, span: Span, width: int) -> Quotation:
    """The span in its line, or lines when it runs over several; what is cut off is marked by an ellipsis."""
    text = document.text
    line = document.line_of(span.start)
    low = document.lines[line - 1][0]
    high = document.lines[document.line_of(span.end - 1) - 1][1]
    before, words, after = (_joined(part) for part in (text[low : span.start], span.text, text[span.end : max(high, span.end)]))
    before = before.lstrip()
    after = after.rstrip()
    room = max(width - len(words), 20)
    if len(before) + len(after) > room:
        left = min(len(before), max(room // 2, room - len(after)))
        before = before if left >= len(before) else "…" + before[len(before) - left + 1 :]
        after = after if len(after) <= room - left else after[: max(room - left - 1, 0)] + "…"
    return Quotation(reading(document).section_at(span.start).kind, line, before, words, after)


def _joined(text: str) -> str:
    return text.replace("\r", "").replace("\n", " ⏎ ")
