"""RN-012: codes of systems no table is held for."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import hcpcs, pcs
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-012",
    title="Code system not held",
    severity="review",
    source="chartproof: what cannot be checked goes to a person",
)
def system_held(coded: CodedChart) -> Iterator[Hit]:
    """Service and procedure codes are checked against published tables when those are held; until then a person checks."""
    on = coded.encounter.code_set_date
    for assignment in coded.codes:
        if assignment.system == "icd10cm":
            continue
        answer = pcs.procedure(assignment.code, on) if assignment.system == "icd10pcs" else hcpcs.service(assignment.code, on)
        if not answer.held:
            yield Hit(f"No {assignment.system} table is held: the code was not checked.", (assignment.code,))
