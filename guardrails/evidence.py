"""What stands between a quote and the code it is given for: its place, its author, and how the words are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from codebook.book import CodeBook
from guardrails.policy import Policy
from guardrails.tables import row_of
from records.chart import Chart, Document, Span
from records.reading import Reading, reading

Problem = Literal[
    "not_in_chart",
    "other_encounter",
    "unsigned",
    "author",
    "author_unknown",
    "absent",
    "uncertain",
    "confirmed_only",
    "historical",
    "family",
    "hypothetical",
    "other_person",
    "present",
    "section",
]

PROVIDERS = frozenset(
    {
        "physician",
        "nurse_practitioner",
        "physician_assistant",
        "dentist",
        "podiatrist",
        "psychologist",
        "midwife",
    }
)
# They establish a diagnosis for outpatient tests they interpret (IV.K), not for an inpatient (III.B).
INTERPRETERS = frozenset({"radiologist", "pathologist"})
# A personal history is of what is over (I.C.2.m, I.C.21.c.4): a statement of the present needs words that say so, or a
# section of past conditions.
_HISTORY = "Z85-Z87"
_OVER = re.compile(
    r"histor|\bh/o\b|\bhx\b|\bs/p\b|status[- ]post|\bprior\b|previous|\bpast\b|former|remote|\bago\b|resolved|remission|remov"
    r"|\btreated\b|surviv|\bquit\b|ectomy|resect|\b(?:19|20)\d\d\b|\bafter\b|\bused to\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Judged:
    """One span of evidence as it was read: its section, its sentence, how it is asserted, and what stands in its way.

    ``problem`` is None when the code may be coded from this span.
    """

    span: Span
    problem: Problem | None
    section: str = ""
    sentence: str = ""
    assertion: str = ""
    cue: str = ""


def judge(chart: Chart, book: CodeBook, policy: Policy, code: str, spans: tuple[Span, ...]) -> tuple[Judged, ...]:
    """Each span as it counts for that code."""
    return tuple(_judge(chart, book, policy, code, span) for span in spans)


def _judge(chart: Chart, book: CodeBook, policy: Policy, code: str, span: Span) -> Judged:
    document = chart.document(span.document)
    if document is None or not chart.holds(span):
        return Judged(span, "not_in_chart")
    read = reading(document)
    section = read.section_at(span.start)
    asserted = read.assertion(span.start, span.end)
    low, high = read.sentence_at(span.start)
    problem = (
        _document_problem(chart, document, book, code)
        or _assertion_problem(chart, book, code, str(asserted.assertion))
        or _section_problem(read, book, policy, code, span)
        or _history_problem(book, code, str(asserted.assertion), section.kind, document.text[low:high])
    )
    return Judged(span, problem, section.kind, document.text[low:high], str(asserted.assertion), asserted.cue)


def _document_problem(chart: Chart, document: Document, book: CodeBook, code: str) -> Problem | None:
    if document.encounter_id and document.encounter_id != chart.encounter.id:
        return "other_encounter"
    if document.signed is False:
        return "unsigned"
    role = document.author_role
    if role in PROVIDERS or (role in INTERPRETERS and not chart.encounter.is_inpatient_facility):
        return None
    if row_of("other_clinicians", book, code, chart.encounter.code_set_date) is not None and role != "coder":
        return None
    return "author_unknown" if role == "unknown" else "author"


def _assertion_problem(chart: Chart, book: CodeBook, code: str, assertion: str) -> Problem | None:
    needed = book.need(code).assertions
    if assertion in needed:
        return None
    if assertion == "uncertain" and "present" in needed:
        encounter = chart.encounter
        if row_of("confirmed_only", book, code, encounter.code_set_date) is not None:
            return "confirmed_only"
        return None if encounter.codes_uncertain_diagnoses else "uncertain"
    problems: dict[str, Problem] = {
        "present": "present",
        "absent": "absent",
        "uncertain": "uncertain",
        "historical": "historical",
        "family": "family",
        "hypothetical": "hypothetical",
        "other_person": "other_person",
    }
    return problems[assertion]


def _section_problem(read: Reading, book: CodeBook, policy: Policy, code: str, span: Span) -> Problem | None:
    section = read.section_at(span.start)
    if section.kind in (book.need(code).sections or ()):
        return None
    if section.kind == "problem_list" and not policy.problem_list_is_evidence:
        return "section"
    return None if section.codable else "section"


def _history_problem(book: CodeBook, code: str, assertion: str, section: str, sentence: str) -> Problem | None:
    if assertion != "present" or not book.covers(_HISTORY, code) or section in (book.need(code).sections or ()):
        return None
    return None if _OVER.search(sentence) else "present"
