"""EV-009: diseases coded only when confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-009",
    title="Confirmed cases only",
    severity="block",
    source="Official Guidelines I.C.1.a.1, I.C.1.f.1, I.C.1.g.1.a, I.C.10.c",
)
def confirmed_only(coded: CodedChart) -> Iterator[Hit]:
    """HIV, Zika virus, COVID-19 and identified influenza are coded when confirmed, in every setting: the inpatient rule for
    uncertain diagnoses does not reach them. The codes are in tables/confirmed_only.toml."""
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("confirmed_only"):
            message = f"{diagnosis.title} is coded only when confirmed; the evidence is uncertain."
            yield Hit(message, (diagnosis.name,), spans)
