"""SQ-002: manifestation codes reported first or alone."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.conventions import is_manifestation, partners
from guardrails.rule import Hit, rule
from records.finding import Severity

_LIST = "manifestation_not_pdx"


@rule(
    "SQ-002",
    title="Manifestation first or alone",
    severity="block",
    source="Official Guidelines I.A.13; CMS Definitions of Medicare Code Edits, manifestation code as principal diagnosis",
)
def manifestation(coded: CodedChart) -> Iterator[Hit]:
    """A code titled "in diseases classified elsewhere" is never reported first, is never reported without the
    underlying condition, and stands after it. First, or before its etiology, is a block; no etiology that the code's
    own note names is a block when nothing else is coded and a review otherwise, because those notes give examples. Other
    manifestations that the Medicare Code Editor lists are no principal diagnosis of an inpatient facility claim; by a
    list of an older release that is a review."""
    for diagnosis in coded.known:
        first = diagnosis.leads or len(coded.diagnoses) == 1
        if not is_manifestation(coded.book, diagnosis):
            if first and _LIST in diagnosis.edits.lists:
                severity: Severity | None = None if diagnosis.edits.in_force else "review"
                message = f"{diagnosis.title} is a manifestation by the list {diagnosis.edits.release} and cannot be principal."
                yield Hit(message, (diagnosis.name,), severity=severity)
            continue
        if first:
            yield Hit(f"{diagnosis.title} is a manifestation and cannot be reported first.", (diagnosis.name,))
            continue
        etiologies = partners(coded, diagnosis, "code_first", named_only=True)
        if not etiologies:
            message = f"{diagnosis.title} is a manifestation: the underlying condition its note names is not coded."
            yield Hit(message, (diagnosis.name,), severity="review")
        elif all(etiology.sequence > diagnosis.sequence for etiology in etiologies):
            names = (diagnosis.name, *(etiology.name for etiology in etiologies))
            yield Hit(f"{diagnosis.title} is a manifestation and stands after its underlying condition.", names)
