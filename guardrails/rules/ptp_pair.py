"""NC-001: pairs of services that are not paid together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from codebook import ncci
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.rules.service_code import SERVICES

# Modifiers that lift an edit whose indicator is 1, where the record supports them.
_LIFTING = re.compile(r"2[457]|5[789]|7[89]|91|X[EPSU]|[LR]T|L[CDM]|R[CI]|E[1-4]|[FT][A1-9]")


@rule(
    "NC-001",
    title="Procedure-to-procedure edit",
    severity="block",
    source="CMS National Correct Coding Initiative, PTP edits of the quarter and policy manual chapter I",
)
def ptp_pair(coded: CodedChart) -> Iterator[Hit]:
    """No two services stand together that a PTP edit in force keeps apart. An edit no modifier lifts is a block, and so is
    one that a modifier lifts when none is there; with the modifier a person confirms that the services were distinct. Without
    the table of the setting a person checks."""
    services = [assignment for assignment in coded.codes if assignment.system in SERVICES]
    on, setting = coded.encounter.code_set_date, setting_of(coded)
    unheld: dict[str, None] = {}
    for one, other in combinations(services, 2):
        edit = ncci.ptp_edit(one.code, other.code, on, setting)
        names = (one.code, other.code)
        if not edit.held:
            unheld.update(dict.fromkeys(names))
        elif edit.edited:
            lifted = edit.modifier_indicator == 1 and any(map(_lifts, (*one.modifiers, *other.modifiers)))
            message = f"{edit.column_two} is not paid beside {edit.column_one} (modifier indicator {edit.modifier_indicator})."
            yield Hit(message, names, severity="review" if lifted or not edit.in_force else None)
    if unheld:
        yield Hit("No PTP table of the setting is held for these codes.", tuple(unheld), severity="review")


def _lifts(modifier: str) -> bool:
    return _LIFTING.fullmatch(modifier.strip().upper()) is not None


def setting_of(coded: CodedChart) -> ncci.Setting:
    """The setting whose tables hold for the claim."""
    return "practitioner" if coded.encounter.claim_type == "professional" else "hospital"
