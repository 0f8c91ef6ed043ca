"""DC-002: documents, or pages of one, without text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from records.chart import Document, Span

# What is printed on a page that holds nothing else.
_FURNITURE = re.compile(r"\b(?:page|pg\.?|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?", re.IGNORECASE)
# A line that stands for a page nobody could read into text.
_STANDS_FOR = re.compile(
    r"^\W*(?:(?:see )?scanned (?:images?|documents?|pages?|forms?)(?: (?:only|attached|follows|on file))?"
    r"|images? (?:only|not available|attached|follows)|no text(?: layer)?(?: available| found)?"
    r"|hand-?written (?:note|page|form)s?,? ?(?:not transcribed|illegible|see (?:scan|image))?"
    r"|illegible(?: (?:page|scan|note))?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)


@rule(
    "DC-002",
    title="Document without text",
    severity="review",
    source="Official Guidelines I.B.18: the entire record is reviewed",
)
def document_text(coded: CodedChart) -> Iterator[Hit]:
    """Every document, and every page of one, has words to read. A scanned page, an empty one, or a line that stands for one
    goes to a person: nobody coded from it."""
    documents = coded.chart.documents
    empty = sum(not _worded(document.text) for document in documents)
    if empty:
        yield Hit(f"{empty} of {len(documents)} document(s) hold no text.")
    pages = sum(_empty_pages(document.text) for document in documents if _worded(document.text))
    if pages:
        yield Hit(f"{pages} page(s) inside the documents hold no text.")
    if spans := tuple(span for document in documents for span in _stand_ins(document)):
        yield Hit("A line stands for a page that was not read into text.", spans=spans)


def _worded(text: str) -> bool:
    return any(character.isalpha() for character in _FURNITURE.sub("", text))


def _empty_pages(text: str) -> int:
    pages = text.split("\f")
    if not pages[-1].strip():
        pages.pop()  # a form feed may also end the last page
    return sum(not _worded(page) for page in pages)


def _stand_ins(document: Document) -> Iterator[Span]:
    for found in _STANDS_FOR.finditer(document.text):
        yield document.span(*found.span())
