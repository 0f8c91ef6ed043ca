"""EV-012: documents whose author may not establish a diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-012",
    title="Author not entitled",
    severity="review",
    source="Official Guidelines I.B.14; IV.K for outpatient tests, III.B for inpatients",
)
def evidence_author(coded: CodedChart) -> Iterator[Hit]:
    """A diagnosis is established by the patient's provider. The exceptions of I.B.14 (body mass index, ulcer depth and
    stage, coma and stroke scales, social determinants and others) are tables/other_clinicians.toml; the interpreter of
    an outpatient test counts as a provider. Where nobody says who wrote, one review names all codes of that document."""
    unknown = []
    for diagnosis in coded.known:
        if spans := diagnosis.spans_with("author"):
            message = f"The author of the evidence for {diagnosis.title} may not establish it."
            yield Hit(message, (diagnosis.name,), spans)
        if diagnosis.spans_with("author_unknown"):
            unknown.append(diagnosis)
    if unknown:
        spans = tuple(span for diagnosis in unknown for span in diagnosis.spans_with("author_unknown"))
        names = tuple(diagnosis.name for diagnosis in unknown)
        yield Hit("The chart does not say who wrote the evidence: a person confirms a provider did.", names, spans)
