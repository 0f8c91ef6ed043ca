"""EV-007: past conditions coded as current."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-007",
    title="Historical coded as current",
    severity="review",
    source="Official Guidelines III.A and IV.J: conditions that no longer exist are not coded; history is Z80-Z87",
)
def evidence_historical(coded: CodedChart) -> Iterator[Hit]:
    """The evidence describes the condition as past, and the code is for a current one. A chronic disease can be called a
    history and still be treated, so a person decides between the condition and a history code."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("historical"):
            message = f"The evidence for {diagnosis.title} is of the past; a history code may be meant."
            yield Hit(message, (diagnosis.name,), spans)
