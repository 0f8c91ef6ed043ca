"""CM-001: codes that the book of the date does not have."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "CM-001",
    title="Code exists",
    severity="block",
    source="ICD-10-CM Tabular List of the release in force; Official Guidelines I.B.1",
)
def code_exists(coded: CodedChart) -> Iterator[Hit]:
    """The code stands in the Tabular List of the release that the chart's date selects. Invented, deleted and not yet
    valid codes do not; nor do codes of a length the list does not hold."""
    for diagnosis in coded.diagnoses:
        if diagnosis.entry is None:
            yield Hit(f"The code is not in {coded.book.release.id}.", (diagnosis.name,))
