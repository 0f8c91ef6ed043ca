"""What stands between a quote and the code it is given for: its place, its author, and how the words are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from codebook.book import CodeBook
from codebook.claims import telling
from guardrails.policy import Policy
from guardrails.tables import row_of
from records.chart import Chart, Document, Span
from records.reading import Reading, reading
from records.sentences import item_words, words_begin

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

_SEVERAL = 2
_CALLED = re.compile(
    r"(?:(?:a|with|known|past medical|medical|has|had) )*(?:history(?: of| significant for)?|hx(?: of)?|h ?/ ?o)"
)
_TREATS = re.compile(
    r"\b(?:continu\w+|refill\w*|renew\w*|titrat\w+|(?:in|de)creas(?:e|ing) (?:his|her|the)|takes|remains? on|well controlled)\b",
    re.I,
)


@dataclass(frozen=True)
class Judged:
    """One span of evidence as it was read: its section, its sentence, how it is asserted, and what stands in its way.

    ``problem`` is None when the code may be coded from this span; then ``text`` is the words that count for it.
    """

    span: Span
    problem: Problem | None
    text: str = ""
    section: str = ""
    sentence: str = ""
    assertion: str = ""
    cue: str = ""

    @property
    def called_history(self) -> bool:
        """Whether all that is wrong with it is the word history, which a disease under treatment is often given."""
        return self.problem == "historical" and _CALLED.fullmatch(self.cue) is not None

    @property
    def treats(self) -> bool:
        """Whether its words say that a treatment goes on."""
        return _TREATS.search(self.span.text) is not None


def judge(chart: Chart, book: CodeBook, policy: Policy, code: str, spans: tuple[Span, ...]) -> tuple[Judged, ...]:
    """Each span as it counts for that code."""
    return tuple(_judge(chart, book, policy, code, span) for span in spans)


def _judge(chart: Chart, book: CodeBook, policy: Policy, code: str, span: Span) -> Judged:
    document = chart.document(span.document)
    if document is None or not chart.holds(span):
        return Judged(span, "not_in_chart", span.text)
    read = reading(document)
    section = read.section_at(span.start)
    asserted = read.assertion(span.start, span.end)
    meant = str(chart.encounter.meant(asserted))
    low, high = read.sentence_at(span.start)
    words = _words(document, span)
    text, otherwise = _as_asserted(chart, read, book, code, words, _assertion_problem(chart, book, code, meant))
    problem = (
        otherwise
        or _document_problem(chart, document, book, code)
        or _section_problem(read, book, policy, code, span)
        or _history_problem(book, code, meant, section.kind, document.text[low:high])
    )
    sentence = document.text[item_words(document.text, low) : high]
    return Judged(span, problem, text, section.kind, sentence, meant, asserted.cue)


def _words(document: Document, span: Span) -> Span:
    """A quote without the number of the item it opens, which is no stage: "2 CKD" is chronic kidney disease."""
    begin = words_begin(document.text, span.start)
    return document.span(begin, span.end) if begin < span.end else span


def _as_asserted(
    chart: Chart, read: Reading, book: CodeBook, code: str, span: Span, whole: Problem | None
) -> tuple[str, Problem | None]:
    """The words of the quote that count for the code, and how they are asserted otherwise than it needs.

    A cue inside the quote speaks of some of its words only. Where those before it carry the code alone, they count
    ("osteoporosis without fracture", "hypertension (urgency ruled out)"); where they do not, it stands in the way of the quote.
    """
    if not read.cued(span.start, span.end):
        return span.text, whole
    apart = tuple(read.apart(span.start, span.end))
    if len(apart) < _SEVERAL:
        return span.text, whole
    pieces = [
        (text, read.assertion(start, end))
        for start, end in apart
        if telling(text := span.text[start - span.start : end - span.start])
    ]
    problems = [_assertion_problem(chart, book, code, str(chart.encounter.meant(asserted))) for _, asserted in pieces]
    first = next((number for number, problem in enumerate(problems) if problem), None)
    if first is None:
        return span.text, whole
    kept = "\n".join(text for text, _ in pieces[:first])
    if kept and book.support(code, (kept,)).reaches:
        return (span.text if whole is None else kept), None
    if whole is None and not book.support(code, (span.text,)).reaches:
        return span.text, None
    return span.text, whole or problems[first]


def may_diagnose(chart: Chart, document: Document) -> bool:
    """Whether the document's author may establish a diagnosis for this encounter (I.B.14, IV.K, III.B)."""
    role = document.author_role
    return role in PROVIDERS or (role in INTERPRETERS and not chart.encounter.is_inpatient_facility)


def _document_problem(chart: Chart, document: Document, book: CodeBook, code: str) -> Problem | None:
    if document.encounter_id and document.encounter_id != chart.encounter.id:
        return "other_encounter"
    if document.signed is False:
        return "unsigned"
    role = document.author_role
    if may_diagnose(chart, document):
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
