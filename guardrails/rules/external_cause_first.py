"""SQ-003: an external cause reported first."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "SQ-003",
    title="External cause first",
    severity="block",
    source="Official Guidelines I.C.20 and I.C.20.a.6",
)
def external_cause_first(coded: CodedChart) -> Iterator[Hit]:
    """An external cause code is never the principal or first-listed diagnosis."""
    for diagnosis in coded.covered("V00-Y99"):
        if diagnosis.leads or (diagnosis.sequence == 1 and not any(other.leads for other in coded.diagnoses)):
            yield Hit(f"{diagnosis.title} is an external cause and cannot be reported first.", (diagnosis.name,))
