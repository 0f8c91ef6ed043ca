"""NC-003: add-on codes without the service they add to."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import ncci
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.rules.service_code import SERVICES


@rule(
    "NC-003",
    title="Add-on code without its primary",
    severity="block",
    source="CMS National Correct Coding Initiative, add-on code edits",
)
def add_on(coded: CodedChart) -> Iterator[Hit]:
    """An add-on code stands beside one of its primary codes. Where the contractor may define others, or the table is of an
    older release, a person judges; without the table a person checks."""
    services = [assignment for assignment in coded.codes if assignment.system in SERVICES]
    present = {assignment.code.upper() for assignment in services}
    unheld = []
    for assignment in services:
        edit = ncci.add_on(assignment.code, coded.encounter.code_set_date)
        if not edit.held:
            unheld.append(assignment.code)
        elif edit.add_on and not edit.primaries & (present - {assignment.code.upper()}):
            doubtful = edit.by_contractor or not edit.in_force
            message = "None of the primary codes of this add-on code is there."
            yield Hit(message, (assignment.code,), severity="review" if doubtful else None)
    if unheld:
        yield Hit("No add-on table is held.", tuple(dict.fromkeys(unheld)), severity="review")
