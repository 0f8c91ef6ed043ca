"""Terms with their codes, from the development data: lines of the Alphabetic Index, and evidence spans of gold charts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """Terms and the codes that are right. ``chart`` and ``group`` say to which gold code a span belongs."""

    terms: str
    codes: tuple[str, ...]
    chart: str = ""
    group: int = 0
    tier: str = ""


def index_terms(shared: Path) -> list[Asked]:
    """Every line of the index terms; empty when the file is absent."""
    return [Asked(row["terms"], tuple(row["any_of"])) for row in _rows(shared / "search" / "index-terms-dev.jsonl")]


def spans(shared: Path) -> list[Asked]:
    """Every evidence span of the office charts; empty when the file is absent."""
    return [
        Asked(span["text"], tuple(code["any_of"]), row["id"], group, code["tier"])
        for row in _rows(shared / "gold" / "office-aci-dev.jsonl")
        for group, code in enumerate(row["gold"]["codes"])
        for span in code["evidence"]
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
