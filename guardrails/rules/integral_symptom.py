"""EV-018: symptoms that belong to a coded diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.conventions import partners
from guardrails.rule import Hit, rule
from guardrails.tables import rows_of

_ASKED = "use_additional_code"


@rule(
    "EV-018",
    title="Symptom integral to a diagnosis",
    severity="review",
    source="Official Guidelines I.B.5, I.C.18.b-c and IV.D",
)
def integral_symptom(coded: CodedChart) -> Iterator[Hit]:
    """A symptom routinely associated with a coded disease is not reported beside it. Which symptoms are routine is
    clinical knowledge of this project, tables/integral_symptoms.toml, and never more than a review. A symptom that a note of
    the disease asks for is reported."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        for row in rows_of("integral_symptoms", coded.book, diagnosis.code, on):
            diseases = [other for other in coded.covered(*row.partners) if other.code != diagnosis.code]
            if diseases and not any(diagnosis in partners(coded, other, _ASKED) for other in diseases):
                message = f"{diagnosis.title} is routinely part of {diseases[0].title}."
                yield Hit(message, (diagnosis.name,))
                break
