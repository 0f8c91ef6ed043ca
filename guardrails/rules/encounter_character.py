"""EV-022: 7th characters for an encounter the chart does not describe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.statements import sentence_of, stated
from records.chart import Document
from records.reading import reading

_INJURIES = ("S00-T88", "M80", "M84.3-M84.6", "M97", "V00-Y99")
_DRUGS = "T36-T50"
_FULL_LENGTH = len("S00.00XA")
_AFTER = re.compile(
    r"follow[- ]?up (?:visit|evaluation|appointment|of|for|after|from|on)|(?:for|here for|in|returns for) (?:a )?follow[- ]?up"
    r"|\bheal(?:ing|ed)\b|post[- ]?op|status[- ]post|\bs/p\b|\b(?:weeks?|months?|days?) (?:out|post|status|after|since)\b"
    r"|\bcast (?:removal|off|change)|suture removal|rehabilitat|physical therapy (?:for|after|since)|subsequent encounter"
    r"|aftercare|delayed union|non-?union|mal-?union|recheck|re-?evaluation",
    re.IGNORECASE,
)
_HEALING = re.compile(r"\bheal(?:ing|ed)\b|routine healing|delayed (?:union|healing)|non-?union|mal-?union", re.IGNORECASE)
# What is done or seen only after the active treatment of an injury, wherever the chart states it.
_CARE_AFTER = (
    r"\bcast (?:was )?(?:removed|removal|off)\b|\b(?:sutures?|staples?) (?:were )?(?:removed|removal|out)\b|\bcallus\b"
    r"|\b(?:\d+|two|three|four|six|eight|ten|twelve)[- ](?:weeks?|wks?|months?) (?:after|out from|following|s/p|status post)"
    r" (?:\w+ ){0,4}(?:fracture|fx|sprain|strain|injury|laceration|dislocation|burn)\b"
)
_LEFT_BEHIND = re.compile(
    r"sequela|late effect|residual|\bscar|contracture|due to (?:an? )?(?:old|prior|previous|remote)"
    r"|following (?:an? )?(?:old|prior|previous|remote)|since (?:the|his|her|an?) (?:injury|fracture|accident|fall|burn)"
    r"|post-?traumatic|old (?:fracture|injury|burn|trauma)|chronic .{0,40}(?:after|from|following)",
    re.IGNORECASE,
)

_TO_COME = re.compile(
    r"\bwill\b|\bwould\b|\bshould\b|\breturn|\bschedul|\brecommend|\bplan\b|\brtc\b|\bnext\b|\bcall\b|\bif\b|\bonce\b|\bprn\b"
    r"|follow[- ]?up (?:with|in)\b|\bf/u (?:with|in)\b"
    r"|\bin (?:\d+|one|two|three|four|six|eight|a few|a couple of)(?: to \w+|-\d+)?[- ](?:days?|weeks?|months?)\b",
    re.IGNORECASE,
)


@rule(
    "EV-022",
    title="Encounter character unsupported",
    severity="review",
    source="Official Guidelines I.C.19.a",
)
def encounter_character(coded: CodedChart) -> Iterator[Hit]:
    """A 7th character for a subsequent encounter needs words for care after active treatment (follow-up, healing, after
    surgery), and one for a sequela words for what is left behind. An initial encounter needs none: active treatment is
    not a matter of words, nor of who is seen first. But a sentence of the evidence that says healing, a cast or sutures that
    come off, and weeks since the injury are of care after it; and an external cause is of the same encounter as one of the
    injuries (I.C.20.a.2)."""
    phases = {_phase(injury) for injury in coded.covered("S00-T88")} - {""}
    for diagnosis in coded.covered(*_INJURIES):
        phase = _phase(diagnosis)
        needed = {"sequela": _LEFT_BEHIND, "subsequent": _AFTER}.get(phase)
        if needed is not None and not _told(coded, diagnosis, needed):
            yield Hit(f"{diagnosis.title}: nothing in the chart speaks of such an encounter.", (diagnosis.name,))
        elif phase == "initial" and _is_after(coded, diagnosis):
            message = f"{diagnosis.title}: the chart speaks of healing or of care after it, not of active treatment."
            yield Hit(message, (diagnosis.name,))
        elif phase and phases and phase not in phases and diagnosis in coded.covered("V00-Y99"):
            yield Hit(f"{diagnosis.title}: no injury of the claim is of such an encounter.", (diagnosis.name,))


def _is_after(coded: CodedChart, diagnosis: Diagnosis) -> bool:
    """Whether the chart says of the injury that its active treatment is over."""
    if diagnosis not in coded.covered("S00-T34", "M80", "M84.3-M84.6"):
        return any(_HEALING.search(text) for text in diagnosis.texts)
    if any(_HEALING.search(said) and not _TO_COME.search(said) for said in diagnosis.sentences):
        return True
    after = (sentence_of(coded.chart, span) for span in stated(coded.chart, _CARE_AFTER))
    return coded.encounter.patient_class != "inpatient" and any(not _TO_COME.search(sentence) for sentence in after)


def _phase(diagnosis: Diagnosis) -> str:
    """The encounter a 7th character says: initial, subsequent or sequela; empty for a code without one."""
    if diagnosis.entry is None or len(diagnosis.code) != _FULL_LENGTH:
        return ""
    ending = diagnosis.entry.seventh_characters.get(diagnosis.code[-1], "").lower()
    return next((phase for phase in ("sequela", "subsequent", "initial") if phase in ending), "")


def _told(coded: CodedChart, diagnosis: Diagnosis, needed: re.Pattern[str]) -> bool:
    """Whether the chart speaks of such an encounter; for an effect of a drug, whether its own evidence does."""
    if diagnosis in coded.covered(_DRUGS):
        return any(needed.search(sentence) for sentence in diagnosis.sentences)
    return any(_speaks(document, needed) for document in coded.chart.documents)


def _speaks(document: Document, needed: re.Pattern[str]) -> bool:
    """Whether a document speaks of such an encounter, other than of one that is planned."""
    sentence_at = reading(document).sentence_at
    sentences = {sentence_at(match.start()) for match in needed.finditer(document.text)}
    return any(not _TO_COME.search(document.text[low:high]) for low, high in sentences)
