"""RN-005: charts left without a code."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-005",
    title="No codes",
    severity="review",
    source="Official Guidelines IV.B: a code identifies the reason for every encounter",
)
def no_codes(coded: CodedChart) -> Iterator[Hit]:
    """Every encounter has a reason that can be coded. A chart without a diagnosis goes to a person."""
    if not coded.diagnoses:
        yield Hit("No diagnosis was coded: every encounter has a reason.")
