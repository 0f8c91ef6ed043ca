"""MDACE files: one JSON object an admission, ``notes`` with ``annotations`` of (begin, end, code, code_system).

The published files hold no text; each note needs its ``text`` put in, as the corpus's own script does. A note without text
makes the chart one that cannot be read. Procedures are left out: they are not scored.
https://github.com/3mcloud/MDACE (Cheng et al. 2023)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.sources.entry import Entry, SourceError, groups_of, text_of
from records.formats import ChartError, Row
from records.formats.intake import chart_of

_SYSTEM = "ICD-10-CM"
_KINDS = {"discharge summary": "discharge_summary", "radiology": "radiology_report", "ecg": "ecg_report", "echo": "echo_report"}


def is_mdace(path: Path) -> bool:
    """Whether the file is one admission of MDACE."""
    try:
        value = json.loads(text_of(path))
    except ValueError:
        return False
    return isinstance(value, dict) and "notes" in value and "hadm_id" in value


def of_folder(folder: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """Every file of a folder."""
    for path in sorted(folder.glob("*.json")):
        yield from entries(path, given)


def entries(path: Path, given: Mapping[str, str]) -> Iterator[Entry]:
    """The one admission of a file."""
    try:
        value: dict[str, Any] = json.loads(text_of(path))
        name = f"mdace-{value['hadm_id']}"
        texts = {str(note["note_id"]): str(note.get("text") or "") for note in value["notes"]}
        documents = [_document(note, texts) for note in value["notes"] if texts[str(note["note_id"])]]
        gold = {"codes": _groups(value["notes"], texts)}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SourceError(f"{path}: not an MDACE file") from None
    if len(documents) < len(value["notes"]):
        yield Entry(str(path), name, gold, error="a note has no text: put it in with the corpus's own script")
        return
    try:
        chart = chart_of(Row(1, name, {"id": name, "chart": {"encounter": dict(given), "documents": documents}}), given)
    except ChartError as error:
        yield Entry(str(path), name, gold, error=error.reason)
        return
    yield Entry(str(path), name, gold, chart)


def _document(note: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    kind = str(note.get("category", "")).strip().lower()
    return {
        "id": str(note["note_id"]),
        "kind": _KINDS.get(kind, kind.replace(" ", "_") or "note"),
        "text": texts[str(note["note_id"])],
    }


def _groups(notes: list[dict[str, Any]], texts: dict[str, str]) -> list[dict[str, Any]]:
    codes: dict[str, list[tuple[str, int, int]]] = {}
    for note in notes:
        for told in note["annotations"]:
            if told["code_system"] == _SYSTEM:
                codes.setdefault(told["code"], []).append((str(note["note_id"]), int(told["begin"]), int(told["end"])))
    groups = groups_of(codes)
    for group in groups:
        for span in group.get("evidence", ()):
            span["text"] = texts[span["document"]][span["start"] : span["end"]]
    return groups
