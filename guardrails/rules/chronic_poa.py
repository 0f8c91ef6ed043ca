"""PO-002: chronic conditions said to have begun in hospital."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import row_of

_DOUBTED = frozenset({"N", "U"})


@rule(
    "PO-002",
    title="Chronic condition not present on admission",
    severity="review",
    source="Official Guidelines Appendix I",
)
def chronic_poa(coded: CodedChart) -> Iterator[Hit]:
    """A chronic condition is present on admission even when it is diagnosed later: indicator N or U for one is for a person. The
    conditions, whose codes hold nothing that could have begun during the stay, are tables/always_present.toml."""
    if not coded.encounter.reports_poa or coded.policy.poa_exempt_hospital:
        return
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        indicator = diagnosis.assignment.poa
        row = row_of("always_present", coded.book, diagnosis.code, on) if indicator in _DOUBTED else None
        if row is not None:
            yield Hit(f"{diagnosis.title} is {row.reason}, and its indicator is {indicator}.", (diagnosis.name,))
