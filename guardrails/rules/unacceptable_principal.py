"""SQ-020: principal diagnoses the Medicare Code Editor does not take."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

_LIST = "unacceptable_pdx"
_LIST_ALONE = "unacceptable_pdx_unless_secondary"
_ASIDE = ("admitting", "reason_for_visit")


@rule(
    "SQ-020",
    title="Unacceptable principal diagnosis",
    severity="block",
    source="CMS Definitions of Medicare Code Edits, unacceptable principal diagnosis",
)
def unacceptable_principal(coded: CodedChart) -> Iterator[Hit]:
    """The principal diagnosis of an inpatient facility claim is none that the Medicare Code Editor lists as unacceptable,
    and one that it takes only beside a secondary diagnosis has one. By a list of an older release that is a review; without
    a list nothing is known. Many of these codes are right when first-listed on other claims, which the editor is not made
    for."""
    for diagnosis in coded.known:
        reason = _reason(coded, diagnosis) if diagnosis.leads else ""
        if reason:
            message = f"{diagnosis.title} {reason} ({diagnosis.edits.release})."
            yield Hit(message, (diagnosis.name,), severity=None if diagnosis.edits.in_force else "review")


def _reason(coded: CodedChart, diagnosis: Diagnosis) -> str:
    if _LIST in diagnosis.edits.lists:
        return "is not accepted as principal diagnosis"
    others = (other for other in coded.diagnoses if other is not diagnosis and other.assignment.role not in _ASIDE)
    if _LIST_ALONE in diagnosis.edits.lists and not any(others):
        return "is accepted as principal diagnosis only beside a secondary diagnosis"
    return ""
