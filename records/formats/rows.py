"""JSONL, streamed: one JSON value a line. A line that cannot be read is a row with a reason, and the next one follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from records.formats.chart_json import id_of, load
from records.formats.content import MAX_BYTES, ChartError, decode, too_large


@dataclass(frozen=True)
class Row:
    """One line of a JSONL file: its number, the id it carries or the one its place gives it, and its value or a fault."""

    number: int
    id: str
    value: Any = None
    error: str = ""


def rows(path: Path) -> Iterator[Row]:
    """Every line that is not blank, in order. ChartError when the file itself cannot be read or holds no line."""
    try:
        if path.is_dir():
            raise ChartError("a folder, not a file")
        with path.open("rb") as file:
            found = False
            for number, line in _lines(file):
                found = True
                yield _row(number, line, path.stem)
    except FileNotFoundError:
        raise ChartError("no such file") from None
    except OSError as error:
        raise ChartError(f"cannot be read ({error.strerror or type(error).__name__})") from None
    if not found:
        raise ChartError("empty")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank; None for one too long to be a chart, which is never held in memory whole."""
    number = 0
    while line := file.readline(MAX_BYTES):
        number += 1
        if len(line) == MAX_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_BYTES)
            yield number, None
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield number, line


def _row(number: int, line: bytes | None, stem: str) -> Row:
    place = f"{stem}:{number}"
    try:
        if line is None:
            raise ChartError(too_large())
        value = load(decode(line))
    except ChartError as error:
        return Row(number, place, error=error.reason)
    return Row(number, id_of(value) or place, value)
