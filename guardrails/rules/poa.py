"""PO-001: present-on-admission indicators."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.poa import poa_exempt
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "PO-001",
    title="Present on admission",
    severity="review",
    source="Official Guidelines Appendix I",
)
def poa(coded: CodedChart) -> Iterator[Hit]:
    """On an inpatient facility claim every diagnosis carries Y, N, U or W, and an exempt code carries none; other
    claims report no indicator. External causes are exempt only where the list says so. Missing indicators are one finding
    for all codes; the exempt codes are a table of the code book, and a hospital that reports none says so in its policy."""
    if not coded.encounter.reports_poa or coded.policy.poa_exempt_hospital:
        carrying = tuple(d.name for d in coded.diagnoses if d.assignment.poa is not None)
        if carrying:
            yield Hit("This claim reports no present-on-admission indicator.", carrying, severity="note")
        return
    missing = []
    for diagnosis in coded.known:
        if diagnosis.assignment.role in ("admitting", "reason_for_visit"):
            continue
        indicator = diagnosis.assignment.poa
        exempt = poa_exempt(diagnosis.code, coded.encounter.code_set_date)
        if exempt and indicator in ("Y", "N", "U", "W"):
            yield Hit(f"{diagnosis.title} is exempt from present-on-admission reporting.", (diagnosis.name,))
        elif not exempt and indicator == "exempt":
            yield Hit(f"{diagnosis.title} is not exempt from present-on-admission reporting.", (diagnosis.name,))
        elif not exempt and indicator is None:
            missing.append(diagnosis.name)
        elif indicator == "N" and diagnosis.leads:
            message = f"{diagnosis.title} leads and is said not to have been present on admission."
            yield Hit(message, (diagnosis.name,))
    if missing:
        yield Hit("No present-on-admission indicator was given.", tuple(missing))
