"""Looking after gold: what is wrong with a set, and reviewed charts made part of one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.grounding import ground
from codebook.book import BookError, CodeBook, open_book
from evals.gold import GoldChart, GoldError, GoldSet, spelled
from records.chart import Chart
from records.code import Draft, DraftCode
from records.draft import DraftError, read_draft
from records.formats import ChartError, rows
from records.formats.intake import chart_of


@dataclass(frozen=True)
class Fault:
    """Something wrong with a gold chart. ``what`` holds no chart text."""

    chart: str
    what: str


def faults(gold: GoldSet) -> Iterator[Fault]:
    """Everything wrong with a set, chart by chart: codes, spans, traps, the leading code, and charts that stand twice."""
    texts: dict[str, str] = {}
    for one in gold:
        if one.chart is None:
            yield Fault(one.id, f"the chart cannot be read: {one.error}")
            continue
        text = "\0".join(sorted(document.text for document in one.chart.documents))
        if text in texts:
            yield Fault(one.id, f"has the same documents as {texts[text]}")
        texts.setdefault(text, one.id)
        for what in (*_codes(one, one.chart), *_spans(one, one.chart), *_standing(one, one.chart)):
            yield Fault(one.id, what)


def _codes(one: GoldChart, chart: Chart) -> Iterator[str]:
    told = [code for group in one.gold.codes for code in group.any_of]
    told += [*(one.gold.first_listed or ()), *(trap.code for trap in one.gold.traps or ())]
    try:
        book = open_book(chart.encounter.code_set_date)
    except BookError as error:
        yield str(error)
        return
    if not book.in_force:
        yield f"no release in force on {chart.encounter.code_set_date} is held; codes are checked against {book.release.id}"
    for code in dict.fromkeys(told):
        entry = book.entry(code)
        if entry is None:
            yield f"{code} is not a code of {book.release.id}"
        elif not entry.billable:
            yield f"{code} cannot be reported: it needs more characters"
    for code in dict.fromkeys(code for code in told if sum(code in group.any_of for group in one.gold.codes) > 1):
        yield f"{code} stands in two groups"


def _spans(one: GoldChart, chart: Chart) -> Iterator[str]:
    for group in one.gold.codes:
        for span in group.evidence or ():
            document = chart.document(span.document)
            if document is None:
                yield f"{group.any_of[0]}: evidence in a document that is not there"
            elif not 0 <= span.start < span.end <= len(document.text):
                yield f"{group.any_of[0]}: evidence at {span.start}-{span.end} lies outside its document"
            elif document.text[span.start : span.end] != span.text:
                yield f"{group.any_of[0]}: evidence at {span.start}-{span.end} is not what stands there"


def _standing(one: GoldChart, chart: Chart) -> Iterator[str]:
    right = {code for group in one.gold.codes for code in group.any_of}
    for code in one.gold.first_listed or ():
        if code not in right:
            yield f"{code} is to be first, and is none of the codes"
    for trap in one.gold.traps or ():
        if trap.quote and not any(trap.quote in document.text for document in chart.documents):
            yield f"trap {trap.code}: its quote does not stand in the chart"
        if trap.code in right:
            yield f"trap {trap.code} is also one of the codes"


def promote(reviewed: Path, into: Path) -> tuple[int, tuple[Fault, ...]]:
    """Add reviewed charts to a gold file: how many were added, and why the others were not.

    A reviewed chart is ``{"id", "chart", "draft"}`` a line, the draft as the coder left it (in the form ``chartproof check``
    takes), and what else is to be kept: ``may`` (codes that are neutral), ``traps``, ``query``, ``reviewed_by``. A chart is
    added only when its codes are valid on its date, all its quotes stand in it, and it is not in the set.
    """
    known = {one.id for one in GoldSet(into)} if into.exists() else set()
    kept: list[str] = []
    refused: list[Fault] = []
    try:
        for row in rows(reviewed):
            if row.error or not isinstance(row.value, dict):
                refused.append(Fault(row.id, row.error or "not a JSON object"))
            elif row.id in known:
                refused.append(Fault(row.id, "is in the set already"))
            else:
                try:
                    kept.append(json.dumps(_promoted(row.id, row.value, chart_of(row)), ensure_ascii=False))
                    known.add(row.id)
                except (ChartError, DraftError, BookError, _Refused) as error:
                    refused.append(Fault(row.id, str(error)))
    except ChartError as error:
        raise GoldError(f"{reviewed}: {error.reason}") from None
    if kept:
        _append(into, kept)
    return len(kept), tuple(refused)


class _Refused(Exception):
    """A reviewed chart that is not fit to be gold."""


def _promoted(chart_id: str, given: Mapping[str, Any], chart: Chart) -> dict[str, Any]:
    read = read_draft(given.get("draft"))
    if read.malformed:
        raise _Refused("; ".join(read.malformed))
    book = open_book(chart.encounter.code_set_date)
    may = {spelled(code) for code in given.get("may", ())}
    gold = {
        "codes": [_group(code, chart, book, may) for code in read.draft.codes if code.system == "icd10cm"],
        "first_listed": _leading(read.draft),
        **{name: given[name] for name in ("traps", "query", "reviewed_by", "reviewed_at", "code_everything") if name in given},
    }
    return {"id": chart_id, "chart": chart.model_dump(mode="json", exclude_defaults=True), "gold": gold}


def _group(drafted: DraftCode, chart: Chart, book: CodeBook, may: set[str]) -> dict[str, Any]:
    code = spelled(drafted.code)
    entry = book.entry(code)
    if entry is None or not entry.billable:
        raise _Refused(f"{code} cannot be reported on {chart.encounter.code_set_date}")
    spans = [(citation, ground(chart, citation)) for citation in drafted.evidence]
    if not all(found for _, found in spans):
        raise _Refused(f"{code}: a quote does not stand in the chart")
    group: dict[str, Any] = {"any_of": [code], "tier": "may" if code in may else "must"}
    if spans:
        group["evidence"] = [span.model_dump(mode="json") for _, found in spans for span in found]
    if drafted.poa:
        group["poa"] = drafted.poa
    return group


def _leading(draft: Draft) -> list[str]:
    named = [spelled(code.code) for code in draft.codes if code.role in ("principal", "first_listed")]
    return named or [spelled(code.code) for code in draft.codes[:1]]


def _append(path: Path, lines: Sequence[str]) -> None:
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+b") as file:
            size = os.fstat(file.fileno()).st_size
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
                file.write(b"\n")
            file.write("".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise GoldError(f"{path}: cannot be written ({error.strerror or type(error).__name__})") from None
