"""EV-003: evidence that denies the condition."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-003",
    title="Evidence negated",
    severity="block",
    source="Official Guidelines I.A.19 and IV.J: documented conditions that exist",
)
def evidence_negated(coded: CodedChart) -> Iterator[Hit]:
    """The evidence says the condition is absent (denied, ruled out, resolved, none found), and nothing else carries the
    code. Codes that need an absence, such as a refusal, are judged by what they need."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("absent"):
            message = f"The evidence for {diagnosis.title} says that it is absent."
            yield Hit(message, (diagnosis.name,), spans)
