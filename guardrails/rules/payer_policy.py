"""PY-001: what the payer's rules say of the codes."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import payer
from codebook.payer import Necessity
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "PY-001",
    title="Payer policy and medical necessity",
    severity="review",
    source="the payer's rules as the operator holds them (payer-rules.toml, articles of Medicare contractors), each with its own",
)
def payer_policy(coded: CodedChart) -> Iterator[Hit]:
    """A service has a diagnosis that its payer's rule takes as its reason, and no diagnosis is one the payer returns. A payer
    no rules are held for, or not all, is unknown: a note says so where services are reported. What the lists of a contractor's
    article do not settle, a person has to."""
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
            yield from _judged(assignment.code, one)
    for diagnosis in coded.diagnoses:
        answer = payer.check(diagnosis.code, encounter.payer, encounter.code_set_date)
        for found, role in answer.rules:
            if role == "not_covered" and not found.procedures:
                yield Hit(f"The payer returns the code by {found.id} ({found.source}).", (diagnosis.name,))
    lacking = payer.lacking(encounter.payer, encounter.code_set_date)
    services = tuple(assignment.code for assignment in coded.codes if assignment.system != "icd10cm")
    if lacking and services:
        yield Hit(f"Not all rules of the payer are held: {lacking}.", services, severity="note")
    elif unknown:
        yield Hit("No rules of the payer are held.", tuple(unknown), severity="note")


def _judged(service: str, one: Necessity) -> Iterator[Hit]:
    by = f"{one.rule.id} ({one.rule.source})"
    if one.supported is None:
        yield Hit(f"Whether a diagnosis of the claim supports the service is not settled by {by}: {one.why}.", (service,))
    elif not one.supported:
        yield Hit(f"No diagnosis of the claim supports the service by {by}.", (service,))
    elif one.rule.kind == "article":
        # The lists alone were read, and an article says more than its lists.
        yield Hit(f"{', '.join(one.by)} is on the list of {by}; its text was not read.", (service,), severity="note")
