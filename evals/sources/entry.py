"""What every format is read into, and how a chart is found for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from records.chart import Chart
from records.formats import ChartError, read_charts
from records.formats.content import decode, read_bytes

SUFFIXES = (".txt", ".json", ".hl7", ".xml")


class SourceError(Exception):
    """A gold set that cannot be read. The message names file, line and field, and holds no chart text."""


@dataclass(frozen=True)
class Entry:
    """One chart with its gold as it was written. ``chart`` is None, with a reason in ``error``, when it cannot be read."""

    place: str
    id: str
    gold: Any = field(repr=False)
    chart: Chart | None = field(default=None, repr=False)
    error: str = ""


def text_of(path: Path) -> str:
    """The text of a file. SourceError when it cannot be read."""
    try:
        return decode(read_bytes(path))
    except ChartError as error:
        raise SourceError(f"{path}: {error.reason}") from None


def entry_of(path: Path, chart_id: str, gold: Any, given: Mapping[str, str], place: str = "") -> Entry:
    """The one chart in a file with its gold; what keeps it from being read is told on the entry."""
    received = list(read_charts(path, given))
    if len(received) != 1:
        return Entry(place or str(path), chart_id, gold, error="one chart a file is needed")
    return Entry(place or str(path), chart_id, gold, received[0].chart, received[0].error)


def chart_file(folder: Path, name: str, folders: Iterable[str] = ("", "charts", "text_files")) -> Path | None:
    """The file of a chart that is called by its name, with or without its ending, in a folder or one beneath it."""
    for inner in folders:
        for ending in ("", *SUFFIXES):
            path = folder / inner / f"{name}{ending}"
            if path.is_file():
                return path
    return None


def groups_of(codes: Mapping[str, Iterable[tuple[str, int, int]]], text: str = "", document: str = "") -> list[dict[str, Any]]:
    """A must group for each code, with where its evidence stands: (document, start, end)."""
    return [{"any_of": [code], "tier": "must", **_evidence(spans, text)} for code, spans in codes.items()]


def _evidence(spans: Iterable[tuple[str, int, int]], text: str) -> dict[str, Any]:
    told = [
        {"document": document, "start": start, "end": end, "text": text[start:end] if text else ""}
        for document, start, end in dict.fromkeys(spans)
    ]
    return {"evidence": told} if told else {}
