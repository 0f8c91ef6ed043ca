"""Charts in: text, chart JSON, JSONL, FHIR R4 and HL7 v2 become the same ``Chart``, or one line that says why not."""

from records.formats.chart_json import id_of
from records.formats.content import ChartError
from records.formats.intake import Received, read_charts
from records.formats.rows import Row, rows

__all__ = ["ChartError", "Received", "Row", "id_of", "read_charts", "rows"]
