"""One file in, its charts out, whatever its format. The content decides which it is; the name only marks JSONL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from records.chart import Chart
from records.formats import hl7v2
from records.formats.chart_json import load, parse_value
from records.formats.content import ChartError, decode, read_bytes
from records.formats.facts import Parsed, assemble
from records.formats.plain_text import parse_text
from records.formats.rows import Row, rows

JSON_LINES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True)
class Received:
    """One chart of a file, or the reason why there is none. ``place`` names the file, and the line where it has lines."""

    id: str
    place: str
    chart: Chart | None = None
    error: str = ""


def read_charts(path: Path, given: Mapping[str, str] | None = None) -> Iterator[Received]:
    """Every chart of a file, in order. Never raises for what a file holds: a fault is a Received with an error.

    ``given`` are facts of the encounter and its documents that somebody states from outside; the encounter's win over
    the file's, the document's fill in what the file does not say.
    """
    try:
        if path.suffix.lower() in JSON_LINES:
            for row in rows(path):
                yield from _of_row(row, path, given or {})
        else:
            yield from _of_file(path, given or {})
    except ChartError as error:
        yield Received(path.stem, str(path), error=error.reason)


def chart_of(row: Row, given: Mapping[str, str] | None = None) -> Chart:
    """The one chart of a row; ChartError when it holds none or several."""
    if row.error:
        raise ChartError(row.error)
    parsed = list(parse_value(row.value, row.id))
    if len(parsed) != 1:
        raise ChartError("one chart a line is needed")
    return assemble(parsed[0], given or {})


def _of_row(row: Row, path: Path, given: Mapping[str, str]) -> Iterator[Received]:
    place = f"{path} line {row.number}"
    if row.error:
        yield Received(row.id, place, error=row.error)
    else:
        yield from _each(parse_value(row.value, row.id), row.id, place, given)


def _of_file(path: Path, given: Mapping[str, str]) -> Iterator[Received]:
    text = decode(read_bytes(path))
    yield from _each(_parse(text, path), path.stem, str(path), given)


def _each(charts: Iterator[Parsed], name: str, place: str, given: Mapping[str, str]) -> Iterator[Received]:
    """Every chart as it was received. What a reader did not foresee is told on its chart, and the next line follows."""
    try:
        for parsed in charts:
            yield _received(parsed, place, given)
    except ChartError as error:
        yield Received(name, place, error=error.reason)
    except Exception as error:  # noqa: BLE001 - one line of a long file must not cost the others
        yield Received(name, place, error=f"cannot be read ({type(error).__name__})")


def _parse(text: str, path: Path) -> Iterator[Parsed]:
    if hl7v2.is_hl7(text):
        yield from hl7v2.parse(text, path.stem)
    elif path.suffix.lower() == ".json" or _is_json(text):
        yield from parse_value(load(text), path.stem)
    else:
        yield parse_text(text, path.stem)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        load(text)
    except ChartError:
        return False
    return True


def _received(parsed: Parsed, place: str, given: Mapping[str, str]) -> Received:
    try:
        return Received(parsed.id, place, assemble(parsed, given))
    except ChartError as error:
        return Received(parsed.id, place, error=error.reason)
