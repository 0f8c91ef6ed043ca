"""Chart JSON: a bare chart, or ``{"id", "chart"}`` with anything else beside; and FHIR resources, which are JSON too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from records.formats import fhir
from records.formats.content import ChartError
from records.formats.facts import Parsed


def load(text: str) -> Any:
    """The value of a JSON text; ChartError with the place of the fault, not its words."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ChartError(f"not valid JSON (line {error.lineno}, column {error.colno})") from None
    except (ValueError, RecursionError):
        raise ChartError("not valid JSON (a number or a nesting beyond any chart)") from None


def parse_value(value: Any, name: str) -> Iterator[Parsed]:
    """The charts of one JSON value: one, or as many as a FHIR Bundle has encounters."""
    if not isinstance(value, dict):
        raise ChartError("not a chart: a JSON object is needed")
    if "resourceType" in value:
        yield from fhir.parse(value, name)
        return
    chart = value.get("chart") if "chart" in value else value
    if not isinstance(chart, dict) or not isinstance(chart.get("encounter"), dict):
        raise ChartError("not a chart: it has no encounter")
    if not isinstance(chart.get("documents"), list):
        raise ChartError("not a chart: it has no list of documents")
    if chart is not value and set(chart) - {"encounter", "documents"}:
        raise ChartError("the chart has an unknown field")
    encounter = dict(chart["encounter"])
    yield Parsed(id_of(value) or _text(encounter.get("id")) or name, encounter, chart["documents"])


def id_of(value: Any) -> str:
    """The id a row carries, as text that can be written again; empty when it has none."""
    return _text(value.get("id")) if isinstance(value, dict) else ""


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        return str(value).encode("utf-8", "replace").decode()
    except ValueError:  # an integer of thousands of digits is no id
        return ""
