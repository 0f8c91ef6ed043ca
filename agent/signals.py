"""What speaks for a code and what against it, in numbers: the facts a calibrated score rests on.

They are taken from the chart, the books and the findings, never from what a model says of its own confidence. The same chart
with the same codes gives the same numbers, whichever model handed the codes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log1p

from codebook.spotting import Mention
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.evidence import Judged
from records.chart import Span
from records.finding import Finding
from records.reading import reading
from tools import Desk

Signals = dict[str, float]
CONCLUDING = frozenset({"assessment", "plan", "assessment_plan", "impression", "diagnosis", "mdm", "addendum"})
REASON = frozenset({"chief_complaint", "hpi", "clinical_history", "indication"})
LISTING = frozenset({"pmh", "psh", "problem_list", "social_history", "medications", "allergies", "family_history"})
_SOURCES = ("synonym", "title", "inclusion")
_CATEGORY = 3
_DIGITS = 4
_WHOLE = 0.8
# What a run or a policy is stopped for says nothing of a code.
_RUN = "RN-"
_CONVENTIONS = "CM-"


def signals(coded: CodedChart, findings: Sequence[Finding], desk: Desk) -> dict[str, Signals]:
    """The signals of every diagnosis the book knows, by the code as it was handed in."""
    found = _Mentions(coded, desk)
    whole = _of_chart(coded, findings, found)
    return {one.name: _rounded({**whole, **_of_code(one, coded, findings, found)}) for one in coded.known}


class _Mentions:
    """The mentions of a chart with how each is meant and where it stands."""

    def __init__(self, coded: CodedChart, desk: Desk) -> None:
        self.all: list[tuple[str, Mention, str, str]] = []
        for document in coded.chart.documents:
            read = reading(document)
            for mention in desk.mentions(document):
                asserted = coded.encounter.meant(read.assertion(mention.start, mention.end)).value
                self.all.append((document.id, mention, asserted, read.section_at(mention.start).kind))

    def at(self, spans: Iterable[Span]) -> list[Mention]:
        """The mentions that the spans touch."""
        places = [(span.document, span.start, span.end) for span in spans]
        return [
            mention
            for document, mention, _, _ in self.all
            if any(document == name and mention.start < end and start < mention.end for name, start, end in places)
        ]


def _of_chart(coded: CodedChart, findings: Sequence[Finding], found: _Mentions) -> Signals:
    """What is the same for all codes of the chart."""
    return {
        "codes": log1p(len(coded.known)),
        "alone": float(len(coded.known) == 1),
        "characters": log1p(sum(len(document.text) for document in coded.chart.documents)),
        "mentions": log1p(len(found.all)),
        "uncoded": log1p(_uncoded(coded, found)),
        "chart_findings": log1p(sum(one.severity != "note" and not one.rule_id.startswith(_RUN) for one in findings)),
    }


def _uncoded(coded: CodedChart, found: _Mentions) -> int:
    """How many categories the chart's conclusions assert that none of its codes is of."""
    have = {one.code[:_CATEGORY] for one in coded.known}
    said = {
        mention.codes[0][:_CATEGORY]
        for _, mention, asserted, section in found.all
        if mention.codes and not mention.ambiguous and asserted == "present" and section in CONCLUDING
    }
    return len(said - have)


def _of_code(one: Diagnosis, coded: CodedChart, findings: Sequence[Finding], found: _Mentions) -> Signals:
    return {**_evidence(one), **_words(one, found), **_kind(one), **_company(one, coded), **_findings(one, findings)}


def _evidence(one: Diagnosis) -> Signals:
    """Where the evidence stands and how it is meant."""
    sections = {judged.section for judged in one.usable}
    concluding = [judged for judged in one.usable if judged.section in CONCLUDING]
    return {
        "spans": log1p(len(one.evidence)),
        "usable": len(one.usable) / len(one.evidence) if one.evidence else 0.0,
        "unfound": float(bool(one.assignment.ungrounded)),
        "concluding": float(bool(sections & CONCLUDING)),
        "heads": float(any(_heads(judged) for judged in concluding)),
        "whole": float(any(_whole(judged) for judged in one.usable)),
        "concluded_often": log1p(len(concluding)),
        "told_and_concluded": float(bool(concluding) and len(concluding) < len(one.usable)),
        "reason": float(bool(sections & REASON)),
        "listing": float(bool(sections & LISTING)),
        "only_listing": float(bool(sections) and sections <= LISTING),
        "sections": log1p(len(sections)),
        "cue": float(any(judged.cue for judged in one.evidence)),
        "uncertain": float(any(judged.assertion == "uncertain" for judged in one.evidence)),
    }


def _heads(judged: Judged) -> bool:
    """Whether the words open their sentence, as the heading of a problem does."""
    return _plain(judged.sentence).startswith(_plain(judged.span.text))


def _whole(judged: Judged) -> bool:
    """Whether the words are all that their sentence says."""
    return len(_plain(judged.span.text)) >= _WHOLE * len(_plain(judged.sentence))


def _plain(text: str) -> str:
    return text.lower().strip(" \t\r\n-*#.:;,()0123456789")


def _words(one: Diagnosis, found: _Mentions) -> Signals:
    """How the words match: by which row, how well, and what else they might mean."""
    touched = found.at(judged.span for judged in one.usable)
    leading = [mention for mention in touched if mention.codes[:1] == (one.code,)]
    offering = leading or [mention for mention in touched if one.code in mention.codes]
    best = max(offering, key=lambda mention: (mention.score, -len(mention.codes)), default=None)
    support = one.book.support(one.code, one.texts) if one.texts else None
    same = [(asserted, section) for _, mention, asserted, section in found.all if mention.codes[:1] == (one.code,)]
    near = sum(
        bool(mention.codes) and mention.codes[0][:_CATEGORY] == one.code[:_CATEGORY] and mention.codes[0] != one.code
        for _, mention, _, _ in found.all
    )
    needed = one.book.need(one.code).assertions
    return {
        "match": best.score if best else 0.0,
        **{f"by_{source}": float(best is not None and best.source == source) for source in _SOURCES},
        "first_choice": float(bool(leading)),
        "choices": log1p(len(best.codes)) if best else 0.0,
        "ambiguous": float(best is not None and best.ambiguous),
        "words": log1p(len(best.term.split())) if best else 0.0,
        "agreeing": log1p(sum(asserted in needed for asserted, _ in same)),
        "opposed": log1p(sum(asserted not in needed for asserted, _ in same)),
        "near": log1p(near),
        "reaches": float(support is not None and support.reaches),
        "missing": log1p(len(support.missing)) if support else 0.0,
        "better": log1p(len(support.better)) if support else 0.0,
    }


def _kind(one: Diagnosis) -> Signals:
    """What kind of code it is."""
    title = one.entry.description.lower() if one.entry else ""
    return {
        "symptom": float(one.code[0] == "R"),
        "status": float(one.code[0] == "Z"),
        "injury": float(one.code[0] in "ST"),
        "external": float(one.code[0] in "VWXY"),
        "unspecified": float("unspecified" in title),
        "other": float("other" in title.split()),
        "length": float(len(one.code.replace(".", ""))),
    }


def _company(one: Diagnosis, coded: CodedChart) -> Signals:
    """Beside which codes it stands."""
    others = [other for other in coded.known if other is not one]
    diagnoses = [other for other in others if other.code[0] not in "RZVWXY"]
    return {
        "leads": float(one.leads),
        "place": log1p(one.sequence),
        "rivals": log1p(sum(other.code[:_CATEGORY] == one.code[:_CATEGORY] for other in others)),
        "symptom_beside": float(one.code[0] == "R" and bool(diagnoses)),
    }


def _findings(one: Diagnosis, findings: Sequence[Finding]) -> Signals:
    """What the rules say of it. A note of the conventions says that another code may be missing, and nothing of this one."""
    said = [
        finding
        for finding in findings
        if one.name in finding.codes
        and not finding.rule_id.startswith(_RUN)
        and not (finding.severity == "note" and finding.rule_id.startswith(_CONVENTIONS))
    ]
    return {
        "notes": log1p(sum(finding.severity == "note" for finding in said)),
        "reviews": log1p(sum(finding.severity == "review" for finding in said)),
        "blocks": log1p(sum(finding.severity == "block" for finding in said)),
        "evidence_findings": float(any(finding.rule_id.startswith("EV") for finding in said)),
        "convention_findings": float(any(finding.rule_id.startswith(_CONVENTIONS) for finding in said)),
    }


def _rounded(told: Signals) -> Signals:
    return {name: round(number, _DIGITS) for name, number in told.items()}
