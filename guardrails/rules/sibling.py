"""EV-015: a neighbouring code that the same words fit better."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.circumstances import trimester_of
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule


@rule(
    "EV-015",
    title="Another code fits better",
    severity="review",
    source="Official Guidelines I.B.2 and IV.F.3: the highest level of specificity the record supports",
)
def sibling(coded: CodedChart) -> Iterator[Hit]:
    """No code beside or below this one fits the same words better (side, acuity, stage, type, trimester, encounter,
    with or without), unless it is coded as well."""
    assigned = {diagnosis.code for diagnosis in coded.diagnoses}
    for diagnosis in coded.known:
        if not diagnosis.weighed:
            continue
        support = coded.book.support(diagnosis.code, _staged(coded, diagnosis))
        better = tuple(code for code in support.better if code not in assigned)
        if support.reaches and better:
            spans = tuple(judged.span for judged in diagnosis.weighed)
            message = f"The evidence for {diagnosis.title} fits another code better: {', '.join(better)}."
            yield Hit(message, (diagnosis.name,), spans)


def _staged(coded: CodedChart, diagnosis: Diagnosis) -> tuple[str, ...]:
    """The words of the evidence; for an unspecified code also the sentences they stand in, and for one that should tell a
    trimester the one that the chart's weeks of gestation give."""
    title = diagnosis.entry.description if diagnosis.entry is not None else ""
    if "unspecified trimester" in title:
        return tuple(filter(None, (*diagnosis.detailed, trimester_of(coded.chart))))
    return tuple(dict.fromkeys((*diagnosis.detailed, *diagnosis.sentences)))
