"""Results as they leave: one JSON object a line for programs, pages for people. Written out as soon as each is done."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, Literal

from codebook.book import BookError, open_book
from records.chart import Chart
from service.coding import Done
from service.lists import show_hits
from service.render import show_brief, show_result
from service.terminal import page

Form = Literal["json", "brief", "page"]


def write_line(value: Any) -> None:
    """One JSON object on a line of its own, flushed: what is written stays written."""
    _write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def write_result(done: Done, form: Form) -> None:
    """One result, as JSON, as a line for people, or as a page for them."""
    if done.runs:
        from service.transcript import transcript

        _write(transcript(done.runs))
    if form == "json":
        _write(done.result.model_dump_json())
    elif form == "brief":
        show_brief(page(), done.result)
        sys.stdout.flush()
    else:
        show_result(page(), done.result, done.chart, describer(done.chart))
        sys.stdout.flush()


def describer(chart: Chart | None) -> Callable[[str], str | None]:
    """The descriptions of the chart's book; none when it has no book."""
    try:
        book = open_book(chart.encounter.code_set_date) if chart else None
    except BookError:
        book = None
    if book is None:
        return lambda code: None

    def describe(code: str) -> str | None:
        entry = book.entry(book.normalise(code) or code)
        return entry.description if entry else None

    return describe


def write_hits(hits: Iterable[tuple[str, str, str]]) -> None:
    """Search results for a person."""
    show_hits(page(), hits)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
