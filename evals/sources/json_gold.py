"""The project's own format: ``{"id", "chart", "gold"}`` a line, a file, or a folder of such files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.sources.entry import Entry, SourceError, text_of
from records.formats import ChartError, Row, rows
from records.formats.intake import chart_of

LABEL_SPACE = "-label-space"


def entries(path: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every line of a JSONL file, or the one chart of a JSON file."""
    if path.suffix.lower() == ".json":
        yield _one(path, given)
        return
    try:
        for row in rows(path):
            yield _entry(f"{path} line {row.number}", row, given)
    except ChartError as error:
        raise SourceError(f"{path}: {error.reason}") from None


def of_folder(folder: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every JSON file of a folder that is not a label space, and every line of its JSONL files."""
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.jsonl")]):
        if not path.stem.endswith(LABEL_SPACE):
            yield from entries(path, given)


def _one(path: Path, given: Mapping[str, str]) -> Entry:
    try:
        value: Any = json.loads(text_of(path))
    except ValueError:
        raise SourceError(f"{path}: not valid JSON") from None
    named = value.get("id") if isinstance(value, dict) else None
    return _entry(str(path), Row(1, str(named or path.stem), value), given)


def _entry(place: str, row: Row, given: Mapping[str, str]) -> Entry:
    if row.error or not isinstance(row.value, dict):
        raise SourceError(f"{place}: {row.error or 'not a JSON object'}")
    gold = row.value.get("gold")
    try:
        return Entry(place, row.id, gold, chart_of(row, given))
    except ChartError as error:
        return Entry(place, row.id, gold, error=error.reason)
