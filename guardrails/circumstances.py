"""What the chart as a whole says of the encounter, which no single quote has to repeat: the trimester, the delivery, the
specimen a report is about."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from codebook.book import CodeBook
from guardrails.tables import covers
from records import gestation
from records.chart import Chart, Document, Span
from records.reading import reading

# Official Guidelines I.C.15.a.3: the trimester comes from the weeks the provider documents for the encounter.
_OBSTETRIC = ("O00-O9A",)
_SAID = tuple(
    (re.compile(form, re.IGNORECASE), words)
    for words, form in tomllib.loads(files("guardrails").joinpath("circumstances.toml").read_text("utf-8"))["obstetric"].items()
)
_TITLE = 120


def circumstances(chart: Chart, book: CodeBook, code: str, spans: tuple[Span, ...]) -> tuple[str, ...]:
    """Words of titles that the chart says for this code outside its quotes; none for most codes."""
    if covers(_OBSTETRIC, code):
        return _obstetric(chart)
    documents = (chart.document(name) for name in dict.fromkeys(span.document for span in spans))
    return tuple(head for document in documents if document is not None and (head := _head(document)))


@lru_cache(maxsize=256)
def trimester_of(chart: Chart) -> str:
    """The trimester of the last weeks of gestation the chart gives; empty when it gives none."""
    return gestation.trimester_of(document.text for document in chart.documents)


@lru_cache(maxsize=256)
def _obstetric(chart: Chart) -> tuple[str, ...]:
    said = (words for form, words in _SAID if any(form.search(document.text) for document in chart.documents))
    return tuple(filter(None, (*said, trimester_of(chart))))


@lru_cache(maxsize=256)
def _head(document: Document) -> str:
    """What a report of a test is about: its title and its specimens. Empty for any other document."""
    if document.author_role not in ("radiologist", "pathologist"):
        return ""
    read = reading(document)
    title = document.text.strip()[:_TITLE].split("\n\n", 1)[0]
    named = [document.text[section.heading_end : section.end] for section in read.sections if section.kind == "specimen"]
    return "\n".join((title, *named))
