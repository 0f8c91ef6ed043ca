"""A table of (chart, code), as a spreadsheet saves it: one line a code, the charts in files beside it or in ``charts/``.

The first line names the columns: ``chart`` and ``code``, and where wanted ``tier`` (must or may), ``first_listed`` (yes on the
line of the leading code), ``group`` (lines of one group accept each other's code), ``document``, ``start``, ``end``, ``poa``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.sources.entry import Entry, SourceError, chart_file, entry_of, text_of

NAMES = ("gold.csv", "gold.tsv")
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NEEDED = ("chart", "code")


def entries(path: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every chart of the table, in the order in which the table names them first."""
    for name, lines in _by_chart(path).items():
        place = f"{path} line {lines[0][0]}"
        chart = chart_file(path.parent, name)
        if chart is None:
            raise SourceError(f"{place}: there is no file of chart {name!r} beside the table")
        yield entry_of(chart, name, _gold(path, lines), given, place)


def _by_chart(path: Path) -> dict[str, list[tuple[int, dict[str, str]]]]:
    reader = csv.reader(io.StringIO(text_of(path)), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    columns = [name.strip().lower() for name in next(reader, [])]
    if not set(_NEEDED) <= set(columns):
        raise SourceError(f"{path}: the first line must name the columns chart and code")
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for row in reader:
        if any(cell.strip() for cell in row):
            line = dict(zip(columns, (cell.strip() for cell in row), strict=False))
            if not all(line.get(name) for name in _NEEDED):
                raise SourceError(f"{path} line {reader.line_num}: chart and code are needed")
            found.setdefault(line["chart"], []).append((reader.line_num, line))
    return found


def _gold(path: Path, lines: list[tuple[int, dict[str, str]]]) -> dict[str, Any]:
    groups: dict[str, dict[str, Any]] = {}
    first = [line["code"] for _, line in lines if line.get("first_listed", "").lower() in _YES]
    for number, line in lines:
        name = line.get("group") or line["code"]
        group = groups.setdefault(name, {"any_of": [], "tier": line.get("tier", "").lower() or "must"})
        if line["code"] not in group["any_of"]:
            group["any_of"].append(line["code"])
        if line.get("poa"):
            group["poa"] = line["poa"]
        if line.get("start"):
            group.setdefault("evidence", []).append(_span(path, number, line))
    return {"codes": list(groups.values()), **({"first_listed": first} if first else {})}


def _span(path: Path, number: int, line: dict[str, str]) -> dict[str, Any]:
    try:
        return {"document": line.get("document") or "note", "start": int(line["start"]), "end": int(line["end"])}
    except (KeyError, ValueError):
        raise SourceError(f"{path} line {number}: start and end are whole numbers") from None
