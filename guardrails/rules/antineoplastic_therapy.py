"""SQ-012: encounters for chemotherapy, immunotherapy or radiation therapy."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.statements import stated

_THERAPIES = {
    "Z51.11": r"chemotherapy|chemo",
    "Z51.12": r"immunotherapy",
    "Z51.0": r"(?:external beam )?(?:radiation(?: therapy| treatment)?|radiotherapy|XRT)",
}
# "Here for cycle 3 of FOLFOX chemotherapy": why the patient came, not what was or will be done.
_CAME_FOR = (
    r"\b(?:here(?: today)?|presents?(?: today)?|presenting|comes in|seen(?: today)?|admitted|admission|encounter|visit|arrives?)"
    r" (?:electively )?for (?:(?:scheduled|planned|elective|routine|his|her|their|the|administration of|infusion of"
    r"|(?:cycle|c|day|week|fraction|session|dose)[ #]?\d+(?:[ ,/]*(?:day|d)[ ]?\d+)?(?: of \d+)?(?: of)?"
    r"|\w+(?:st|nd|rd|th) (?:cycle|dose|session)(?: of)?|adjuvant|neoadjuvant|palliative|maintenance"
    r"|[A-Z][A-Za-z0-9+-]{2,})[ ,]+){0,6}"
)
_IMPLANTED = (
    r"\bbrachytherapy\b|\b(?:insertion|implantation|placement) of (?:the )?(?:radioactive|seeds?)"
    r"|\bradioactive (?:seeds?|implants?)"
)
_NEOPLASMS = ("C00-D49",)


@rule(
    "SQ-012",
    title="Antineoplastic therapy",
    severity="review",
    source="Official Guidelines I.C.2.e.1-3 and IV.L",
)
def antineoplastic_therapy(coded: CodedChart) -> Iterator[Hit]:
    """Where the chart says that the patient came for chemotherapy, immunotherapy or external beam radiation, its Z51 code leads
    and the malignancy follows; for an implanted source of radiation there is no Z51.0 and the malignancy leads. That Z51 stands
    first when it is reported is SQ-004; that a neoplasm stands beside it, CM-008."""
    malignancies = coded.covered(*_NEOPLASMS)
    leads = [diagnosis for diagnosis in malignancies if diagnosis.leads]
    if leads and not coded.covered("Z51.0", "Z51.1"):
        for code, therapy in _THERAPIES.items():
            spans = tuple(stated(coded.chart, rf"{_CAME_FOR}(?:{therapy})\b"))
            if spans and not (code == "Z51.0" and _implanted(coded)):
                message = f"The chart says the patient came for the therapy: {code} leads, and {leads[0].title} follows."
                yield Hit(message, tuple(one.name for one in leads), spans)
    for diagnosis in coded.covered("Z51.0"):
        if _implanted(coded):
            message = f"{diagnosis.title} is for external beams: for an implanted source the malignancy leads alone."
            yield Hit(message, (diagnosis.name,))


def _implanted(coded: CodedChart) -> bool:
    return any(True for _ in stated(coded.chart, _IMPLANTED))
