"""HC-001: HCPCS and CPT codes that are not valid on the date."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import hcpcs
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

SERVICES = ("hcpcs", "cpt")


@rule(
    "HC-001",
    title="HCPCS or CPT code valid",
    severity="block",
    source="45 CFR 162.1002; CMS HCPCS Level II quarterly update; the licensee's CPT file",
)
def service_code(coded: CodedChart) -> Iterator[Hit]:
    """Every service code has the shape of its system and is in the list of the date. Without the list a person checks (rule
    RN-012); with an older release only, the finding is a review."""
    on = coded.encounter.code_set_date
    for assignment in coded.codes:
        if assignment.system not in SERVICES:
            continue
        found = hcpcs.service(assignment.code, on)
        if found.system and found.system != assignment.system:
            yield Hit(f"The code has the shape of a code of {found.system}.", (assignment.code,))
        elif not found.system:
            yield Hit(f"The code has not the shape of a code of {assignment.system}.", (assignment.code,))
        elif found.held and not found.valid:
            message = f"The code is not valid in {found.release}."
            yield Hit(message, (assignment.code,), severity=None if found.in_force else "review")
