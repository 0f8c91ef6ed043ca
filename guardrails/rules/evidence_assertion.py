"""EV-013: present conditions under codes for something else."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-013",
    title="Not asserted as the code needs",
    severity="review",
    source="Official Guidelines I.C.21.c.3 and c.4: status and history codes say that a condition is past or in the family",
)
def evidence_assertion(coded: CodedChart) -> Iterator[Hit]:
    """The code says that something is past, in the family, refused or absent, and the evidence speaks of a present condition
    of the patient. What each code needs is a table of the code book."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("present"):
            message = f"{diagnosis.title} needs another kind of statement: the evidence speaks of a present condition."
            yield Hit(message, (diagnosis.name,), spans)
