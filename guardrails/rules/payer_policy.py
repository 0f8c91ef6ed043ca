"""PY-001: what the payer's rules say of the codes."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import payer
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "PY-001",
    title="Payer policy and medical necessity",
    severity="review",
    source="the payer's rules as the operator holds them (payer-rules.toml), each with its own source",
)
def payer_policy(coded: CodedChart) -> Iterator[Hit]:
    """A service has a diagnosis that its payer's rule takes as its reason, and no diagnosis is one the payer returns. A payer
    no rules are held for is unknown: a note says so where services are reported."""
    encounter = coded.encounter
    if not encounter.payer:
        return
    diagnoses = tuple(diagnosis.code for diagnosis in coded.diagnoses)
    unknown = []
    for assignment in coded.codes:
        if assignment.system == "icd10cm":
            continue
        needed = payer.necessity(assignment.code, diagnoses, encounter.payer, encounter.code_set_date)
        if needed is None:
            unknown.append(assignment.code)
        for one in needed or ():
            if not one.supported:
                message = f"No diagnosis of the claim supports the service by {one.rule.id} ({one.rule.source})."
                yield Hit(message, (assignment.code,))
    for diagnosis in coded.diagnoses:
        answer = payer.check(diagnosis.code, encounter.payer, encounter.code_set_date)
        for found, role in answer.rules:
            if role == "not_covered" and not found.procedures:
                yield Hit(f"The payer returns the code by {found.id} ({found.source}).", (diagnosis.name,))
    if unknown:
        yield Hit("No rules of the payer are held.", tuple(unknown), severity="note")
