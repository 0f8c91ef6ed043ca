"""Evidence as a person reads it: the quoted words in their line, with the document, the section and the line number."""

from __future__ import annotations

from typing import NamedTuple

from records.chart import Document, Span
from records.reading import reading


class Quotation(NamedTuple):
    """A span in its line: where that is, the words before it, the quoted words and the words after it."""

    section: str
    line: int
    before: str
    words: str
    after: str

    def cut(self, width: int) -> Quotation:
        """The same within a width: the quoted words stay whole, an ellipsis marks what of the line is left out."""
        room = max(width - len(self.words), 20)
        before, after = self.before, self.after
        if len(before) + len(after) > room:
            left = min(len(before), max(room // 2, room - len(after)))
            before = before if left >= len(before) else "…" + before[len(before) - left + 1 :]
            after = after if len(after) <= room - left else after[: max(room - left - 1, 0)] + "…"
        return self._replace(before=before, after=after)


def quotation(document: Document, span: Span) -> Quotation:
    """The span in its line, or in its lines when it runs over several."""
    text = document.text
    line = document.line_of(span.start)
    low = document.lines[line - 1][0]
    high = max(document.lines[document.line_of(span.end - 1) - 1][1], span.end)
    return Quotation(
        section=reading(document).section_at(span.start).kind,
        line=line,
        before=_joined(text[low : span.start]).lstrip(),
        words=_joined(span.text),
        after=_joined(text[span.end : high]).rstrip(),
    )


def _joined(text: str) -> str:
    return text.replace("\r", "").replace("\n", " ⏎ ")
