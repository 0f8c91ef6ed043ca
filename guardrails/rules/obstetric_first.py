"""SQ-006: pregnancy codes before those of other chapters."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_MATERNAL = ("O00-O9A",)
# Supervision, screening, delivery-related and mandatory-first encounters of the mother may stand before chapter 15.
_MAY_LEAD = ("Z00-Z99",)


@rule(
    "SQ-006",
    title="Pregnancy codes first",
    severity="review",
    source="Official Guidelines I.C.15.a.1",
)
def obstetric_first(coded: CodedChart) -> Iterator[Hit]:
    """Codes of chapter 15 have sequencing priority over other chapters: when one is reported, the leading diagnosis is
    one of them or a Z code for the encounter. A pregnancy code beside an incidental pregnancy contradicts it."""
    maternal = coded.covered(*_MATERNAL)
    if not maternal:
        return
    for diagnosis in coded.diagnoses:
        if diagnosis.leads and diagnosis not in maternal and diagnosis not in coded.covered(*_MAY_LEAD):
            names = (diagnosis.name, *(other.name for other in maternal))
            yield Hit(f"Chapter 15 codes come before {diagnosis.title}.", names)
    for incidental in coded.covered("Z33.1"):
        names = (incidental.name, *(other.name for other in maternal))
        yield Hit("An incidental pregnancy is reported instead of chapter 15 codes, not beside them.", names)
