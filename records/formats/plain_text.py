"""A note as plain text, with or without front matter: ``key: value`` lines between two lines of three dashes."""

from __future__ import annotations

import re
from typing import Any

from records.formats.content import ChartError
from records.formats.facts import CHOICES, DOCUMENT_FACTS, ENCOUNTER_FACTS, Parsed, normal

_FENCE = "---"
_KEY_VALUE = re.compile(r"([A-Za-z][A-Za-z _-]*?)\s*:\s*(.*)")
_SIGNED = {"true": True, "yes": True, "false": False, "no": False}
_NAMES = frozenset({"id", *ENCOUNTER_FACTS, *DOCUMENT_FACTS})


def parse_text(text: str, name: str) -> Parsed:
    """The chart of one note. The document's text is what stands below the front matter, unchanged."""
    facts, body = _split(text)
    if not body.strip():
        raise ChartError("no text below the front matter")
    chart_id = facts.pop("id", name)
    encounter: dict[str, Any] = {key: value for key, value in facts.items() if key in ENCOUNTER_FACTS}
    document: dict[str, Any] = {key: value for key, value in facts.items() if key in DOCUMENT_FACTS}
    if "signed" in document:
        signed = _SIGNED.get(document["signed"].lower())
        if signed is None:
            raise ChartError("front matter: signed is yes or no")
        document["signed"] = signed
    return Parsed(chart_id, {"id": chart_id, **encounter}, [{"id": "note", **document, "text": body}])


def _split(text: str) -> tuple[dict[str, str], str]:
    """Front matter and body. A line of dashes that no fact of ours follows is part of the note."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != _FENCE:
        return {}, text
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        return {}, text
    facts: dict[str, str] = {}
    strange = 0
    for number, line in enumerate(lines[1:end], 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _KEY_VALUE.fullmatch(line.strip())
        key = match.group(1).lower().replace(" ", "_").replace("-", "_") if match else ""
        if match and key in _NAMES:
            value = match.group(2).strip().strip("\"'")
            if value:
                facts[key] = normal(key, value) if key in CHOICES else value
        else:
            strange = strange or number
    if strange and facts:
        raise ChartError(f"front matter: line {strange} is not one of {', '.join(sorted(_NAMES))}")
    return (facts, "".join(lines[end + 1 :])) if facts else ({}, text)
