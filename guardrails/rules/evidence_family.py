"""EV-004: evidence about a relative."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-004",
    title="Evidence about the family",
    severity="block",
    source="Official Guidelines I.C.21.c.4: family history is reported with Z80-Z84",
)
def evidence_family(coded: CodedChart) -> Iterator[Hit]:
    """The evidence is about a relative's condition, and the code is for the patient's own."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("family"):
            message = f"The evidence for {diagnosis.title} is about the family, not the patient."
            yield Hit(message, (diagnosis.name,), spans)
