"""brat stand-off: NAME.txt with NAME.ann beside it. https://brat.nlplab.org/standoff.html

A text-bound annotation (``T1 LABEL 10 25 words``) is evidence. Its code is its label where that is shaped like a code, and what
a note or a normalisation says of it (``#1 AnnotatorNotes T1 E11.9``, ``N1 Reference T1 ICD10CM:E11.9``). What has no code is
left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from codebook.book import CodeBook
from evals.sources.entry import Entry, SourceError, entry_of, groups_of, text_of

_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
_NOTE = re.compile(r"#\d+\t\S+ (T\d+)\t(.*)")
_NORMALISATION = re.compile(r"N\d+\tReference (T\d+) [^:\s]+:(\S+)")
_CODE = re.compile(r"[A-Za-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?")


def entries(folder: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every text that has annotations beside it."""
    for path in sorted(folder.glob("*.ann")):
        chart = path.with_suffix(".txt")
        if not chart.is_file():
            raise SourceError(f"{path}: there is no {chart.name} beside it")
        found = entry_of(chart, path.stem, None, given)
        text = text_of(chart)
        shift, document = _body(found, text)
        codes = {code: [(document, start - shift, end - shift) for start, end in spans] for code, spans in _codes(path).items()}
        yield Entry(found.place, found.id, {"codes": groups_of(codes, text[shift:], document)}, found.chart, found.error)


def _body(entry: Entry, text: str) -> tuple[int, str]:
    """Where the chart's text begins in the file, for facts may stand above it, and the document's name."""
    if entry.chart is None:
        return 0, "note"
    document = entry.chart.documents[0]
    return max(text.find(document.text), 0), document.id


def _codes(path: Path) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    told: dict[str, list[str]] = defaultdict(list)
    for line in text_of(path).splitlines():
        if bound := _TEXT_BOUND.match(line):
            spans[bound[1]] = [_bounds(part) for part in bound[3].split(";")]
            told[bound[1]] += _code(bound[2])
        elif said := _NOTE.match(line) or _NORMALISATION.match(line):
            told[said[1]] += _code(said[2])
    found: dict[str, list[tuple[int, int]]] = {}
    for name, bounds in spans.items():
        for code in dict.fromkeys(told[name]):
            found.setdefault(code, []).extend(bounds)
    return found


def _bounds(part: str) -> tuple[int, int]:
    start, end = part.split()
    return int(start), int(end)


def _code(text: str) -> list[str]:
    """The codes in a label or a note, spelled as the book spells them."""
    return [code for word in re.split(r"[\s,;|]+", text) if _CODE.fullmatch(word) and (code := CodeBook.normalise(word))]
