"""NC-002: more units than a day holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from codebook import ncci
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.rules.ptp_pair import setting_of
from guardrails.rules.service_code import SERVICES

_A_LINE = 1
_BY_POLICY = 2


@rule(
    "NC-002",
    title="Units over the medically unlikely edit",
    severity="review",
    source="CMS National Correct Coding Initiative, MUE of the quarter",
)
def units(coded: CodedChart) -> Iterator[Hit]:
    """The units of a service stay within its MUE: of a line where the adjudication indicator is 1, else of all its lines
    together. An edit by policy (2) is a block; the others may be right and go to a person. A code without units counts one.
    Without the table of the setting a person checks."""
    services = [assignment for assignment in coded.codes if assignment.system in SERVICES]
    on, setting = coded.encounter.code_set_date, setting_of(coded)
    totals = Counter[str]()
    for assignment in services:
        totals[assignment.code] += assignment.units or 1
    unheld = []
    for assignment in {assignment.code: assignment for assignment in services}.values():
        edit = ncci.mue(assignment.code, on, setting)
        lines = [one.units or 1 for one in services if one.code == assignment.code]
        given = max(lines) if edit.adjudication_indicator == _A_LINE else totals[assignment.code]
        if not edit.held:
            unheld.append(assignment.code)
        elif edit.units is not None and given > edit.units:
            severe = edit.adjudication_indicator == _BY_POLICY and edit.in_force
            message = f"{given} units where the medically unlikely edit of {edit.release} allows {edit.units}."
            yield Hit(message, (assignment.code,), severity="block" if severe else None)
    if unheld:
        yield Hit("No MUE table of the setting is held.", tuple(unheld))
