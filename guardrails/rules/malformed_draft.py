"""RN-004: draft entries that could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-004",
    title="Draft malformed",
    severity="block",
    source="chartproof: nothing malformed is passed over",
)
def malformed_draft(coded: CodedChart) -> Iterator[Hit]:
    """Every entry of the draft could be read in full. An entry that could not is a code nobody checked; the finding names
    the codes that could be made out of such entries."""
    if malformed := len(coded.run.malformed):
        message = f"{malformed} entry(s) of the draft could not be read and were not checked."
        yield Hit(message, coded.run.malformed_codes)
