"""CM-005: two codes that an Excludes1 note keeps apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "CM-005",
    title="Excludes1",
    severity="review",
    source="Official Guidelines I.A.12.a; ICD-10-CM Tabular List, Excludes1 notes",
)
def excludes1(coded: CodedChart) -> Iterator[Hit]:
    """No two codes stand together that an Excludes1 note of either, or of what stands above either, keeps apart. Since
    FY 2017 the guideline excepts conditions that are unrelated to each other, which only a person can tell, so the
    pair goes to review and never to a block."""
    known = [diagnosis for diagnosis in coded.known if diagnosis.entry is not None and diagnosis.entry.billable]
    for one, other in combinations(known, 2):
        if one.code == other.code:
            continue
        note = coded.book.excludes1(one.code, other.code)
        if note is not None:
            message = (
                f"{one.title} and {other.title}: the Excludes1 note at {note.level} keeps them apart unless the two"
                " conditions are unrelated."
            )
            yield Hit(message, (one.name, other.name))
