"""CodiEsp tables: tab-separated, without a heading, the texts in ``text_files/`` or beside the table.

Two columns (chart, code) in sub-tasks D and P; five (chart, kind, code, words, "start end;start end") in sub-task X, of which the
lines of diagnoses are taken. The corpus codes everything that is mentioned, and so do its charts here.
https://temu.bsc.es/codiesp/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from evals.sources.entry import Entry, SourceError, chart_file, entry_of, groups_of, text_of

_CODE = re.compile(r"[A-Za-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?")
_PLACES = re.compile(r"(\d+) (\d+)")
_DIAGNOSIS = "DIAGNOSTICO"
_WITH_KIND = 5


def is_codiesp(path: Path) -> bool:
    """Whether the first line is one of a CodiEsp table, which has no heading."""
    first = text_of(path).partition("\n")[0].rstrip("\r").split("\t")
    return len(first) in (2, 4, _WITH_KIND) and any(_CODE.fullmatch(cell.strip()) for cell in first[1:3])


def entries(path: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every chart of the table."""
    for name, codes in _by_chart(path).items():
        chart = chart_file(path.parent, name)
        if chart is None:
            raise SourceError(f"{path}: there is no text of {name!r} beside the table or in text_files")
        found = entry_of(chart, name, None, given)
        document = found.chart.documents[0].id if found.chart else "note"
        text = found.chart.documents[0].text if found.chart else ""
        placed = {code: [(document, start, end) for start, end in places] for code, places in codes.items()}
        gold = {"codes": groups_of(placed, text), "code_everything": True}
        yield Entry(found.place, name, gold, found.chart, found.error)


def _by_chart(path: Path) -> dict[str, dict[str, list[tuple[int, int]]]]:
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for number, line in enumerate(text_of(path).splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip():
            continue
        if len(cells) < 2:
            raise SourceError(f"{path} line {number}: a chart and a code are needed, with a tab between them")
        with_kind = len(cells) >= _WITH_KIND
        chart = found.setdefault(cells[0], {})
        if not with_kind or cells[1].upper() == _DIAGNOSIS:
            code = cells[2 if with_kind else 1].upper()
            places = _PLACES.findall(cells[-1]) if len(cells) > 2 else []
            chart.setdefault(code, []).extend((int(start), int(end)) for start, end in places)
    return found
