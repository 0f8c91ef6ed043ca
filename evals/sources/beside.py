"""A folder of charts in any format that charts come in, each with its gold beside it: NAME.txt and NAME.gold.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from evals.sources.entry import Entry, SourceError, chart_file, entry_of, text_of

SUFFIX = ".gold.json"


def entries(folder: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every chart that has gold beside it."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        try:
            gold = json.loads(text_of(path))
        except ValueError:
            raise SourceError(f"{path}: not valid JSON") from None
        chart = chart_file(folder, name, ("",))
        if chart is None:
            raise SourceError(f"{path}: there is no chart {name} beside it")
        yield entry_of(chart, name, gold, given)
