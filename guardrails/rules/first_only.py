"""SQ-004: Z codes that may only be reported first."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.tables import row_of


@rule(
    "SQ-004",
    title="Only ever first",
    severity="review",
    source="Official Guidelines I.C.21.c.15",
)
def first_only(coded: CodedChart) -> Iterator[Hit]:
    """The Z codes that may only be principal or first-listed are that. The guideline excepts several encounters of one
    day coded together, which only a person can tell; two such codes may share the first places. The codes are
    tables/first_only.toml."""
    on = coded.encounter.code_set_date
    only = {d.code for d in coded.known if row_of("first_only", coded.book, d.code, on) is not None}
    for diagnosis in coded.known:
        if diagnosis.code not in only or diagnosis.leads:
            continue
        if not any(other.leads and other.code in only for other in coded.known):
            yield Hit(f"{diagnosis.title} may only be reported first.", (diagnosis.name,))
