"""EV-025: the trimester of the code and the weeks of the chart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.statements import own_documents
from records.gestation import trimester as trimester_at
from records.gestation import weeks_stated

_CODED = re.compile(r"\b(?:first|second|third) trimester\b")


@rule(
    "EV-025",
    title="Trimester disagrees",
    severity="review",
    source="Official Guidelines I.C.15.a.3",
)
def trimester(coded: CodedChart) -> Iterator[Hit]:
    """The trimester a code says is one that the weeks of gestation in the documents of the encounter fall in. A stay that
    crosses trimesters has weeks of both."""
    obstetric = coded.covered("O00-O9A")
    documents = own_documents(coded.chart) if obstetric else ()
    said = {trimester_at(week) for document in documents for week in weeks_stated(document.text)}
    for diagnosis in obstetric if said else ():
        found = _CODED.search(diagnosis.entry.description) if diagnosis.entry is not None else None
        if found is not None and found.group() not in said:
            message = f"{diagnosis.title}: the weeks of gestation in the chart are of the {' and '.join(sorted(said))}."
            yield Hit(message, (diagnosis.name,))
