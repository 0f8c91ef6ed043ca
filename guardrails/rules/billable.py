"""CM-003: headings reported as codes."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "CM-003",
    title="Code billable",
    severity="block",
    source="Official Guidelines I.B.2: codes are reported at their full number of characters",
)
def billable(coded: CodedChart) -> Iterator[Hit]:
    """The code is complete. A heading that is further divided is not valid for reporting; when only the 7th character
    is missing, rule CM-004 says so instead."""
    for diagnosis in coded.known:
        entry = diagnosis.entry
        if entry is not None and not entry.billable and not entry.seventh_characters:
            yield Hit(f"{diagnosis.title} is a heading: it is divided further.", (diagnosis.name,))
