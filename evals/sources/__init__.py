"""Gold sets as others keep them: each format is read into the same entries, one chart at a time.

The content decides which format it is. A folder may hold JSON charts with their gold inside, charts with gold beside them, brat
stand-off or MDACE files; a file may be JSON, JSONL, a table of (chart, code), or a CodiEsp table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from evals.sources import beside, brat, codiesp, json_gold, mdace, table
from evals.sources.entry import Entry, SourceError

__all__ = ["Entry", "SourceError", "entries"]


def entries(path: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every gold chart at a path. ``given`` are facts of the encounters that the files do not say, or that win over theirs."""
    if path.is_dir():
        return _of_folder(path, given)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return table.entries(path, given)
    if suffix == ".tsv":
        return codiesp.entries(path, given) if codiesp.is_codiesp(path) else table.entries(path, given)
    if suffix == ".json" and mdace.is_mdace(path):
        return mdace.entries(path, given)
    return json_gold.entries(path, given)


def _of_folder(folder: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    if any(folder.glob("*.ann")):
        return brat.entries(folder, given)
    for name in table.NAMES:
        if (folder / name).is_file():
            return table.entries(folder / name, given)
    if any(folder.glob(f"*{beside.SUFFIX}")):
        return beside.entries(folder, given)
    first = next(iter(sorted(folder.glob("*.json"))), None)
    if first is not None and mdace.is_mdace(first):
        return mdace.of_folder(folder, given)
    return json_gold.of_folder(folder, given)
