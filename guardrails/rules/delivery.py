"""CM-017: what the record of a delivery carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.statements import stated

_MATERNAL = ("O00-O9A",)
# Not pregnancies that end in no delivery, and nothing of after it.
_DELIVERED = (
    r"\bN?SVD\b|\bVAVD\b|\b(?:spontaneous|vacuum[- ]assisted|forceps|normal) vaginal (?:delivery|birth)\b"
    r"|\b(?:delivered|delivery of|gave birth to|birth of)(?: an?)? (?:\w+ ){0,2}"
    r"(?:live|viable|healthy|stillborn|male|female|infant|boy|girl)"
    r"|\b(?:underwent|taken for|delivered (?:by|via)) (?:\w+ ){0,3}(?:cesarean|c[- /]?section|c/s)\b"
    r"|\bterm pregnancy,? delivered\b"
)
_TRIMESTER = re.compile(r",? (?:unspecified|first|second|third) trimester$")
_CHILDBIRTH = re.compile(r"childbirth", re.IGNORECASE)


@rule(
    "CM-017",
    title="Record of a delivery",
    severity="review",
    source="Official Guidelines I.C.15.a.3 and I.C.15.b.5",
)
def delivery(coded: CodedChart) -> Iterator[Hit]:
    """When the patient delivers during the stay, the record carries an outcome of delivery (Z37), and a complication that has an
    "in childbirth" code is coded with it and not by trimester."""
    maternal = coded.covered(*_MATERNAL)
    spans = tuple(stated(coded.chart, _DELIVERED)) if maternal and coded.encounter.patient_class == "inpatient" else ()
    if not spans:
        return
    if not coded.covered("Z37"):
        yield Hit("The chart tells of a delivery, and no code of Z37 says its outcome.", (maternal[0].name,), spans)
    for diagnosis in maternal:
        if better := _in_childbirth(coded, diagnosis):
            message = f"{diagnosis.title}: the chart tells of the delivery, and {better} is the code in childbirth."
            yield Hit(message, (diagnosis.name,), spans)


def _in_childbirth(coded: CodedChart, diagnosis: Diagnosis) -> str:
    """The neighbour that says the same of childbirth; empty for a code without trimester or without such a neighbour."""
    entry = diagnosis.entry
    if entry is None or not entry.path or not _TRIMESTER.search(entry.description):
        return ""
    heading = coded.book.entry(entry.path[-1])
    below = heading.children if heading is not None else ()
    named = ((code, found.description) for code in below if (found := coded.book.entry(code)) is not None)
    return next((code for code, title in named if _CHILDBIRTH.search(title)), "")
