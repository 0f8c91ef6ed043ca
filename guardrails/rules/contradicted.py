"""EV-019: conditions the chart both states and denies."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.evidence import Judged
from guardrails.rule import Hit, rule
from records.assertion import Assertion
from records.chart import Document, Span
from records.reading import reading

# Where the provider concludes: a denial there outweighs a statement elsewhere.
_CONCLUDING = frozenset({"assessment", "plan", "assessment_plan", "impression", "diagnosis", "mdm", "hospital_course"})
_WORDS_AT_MOST = 6


@rule(
    "EV-019",
    title="Contradicted elsewhere",
    severity="review",
    source="Official Guidelines I.A.19: conflicting documentation is queried",
)
def contradicted(coded: CodedChart) -> Iterator[Hit]:
    """The same words that prove the code are not denied in a section where the provider concludes (assessment, plan,
    impression, diagnosis). A conflict is for a person, who may query the provider."""
    for diagnosis in coded.known:
        if any(judged.assertion == "present" for judged in diagnosis.usable):
            denied = tuple(_denials(coded, diagnosis))
            if denied:
                spans = (*(judged.span for judged in diagnosis.usable), *denied)
                yield Hit(f"The chart both states and denies {diagnosis.title}.", (diagnosis.name,), spans)


def _denials(coded: CodedChart, diagnosis: Diagnosis) -> Iterator[Span]:
    for term in {_term(judged) for judged in diagnosis.usable} - {""}:
        for document in coded.chart.documents:
            text = document.text.lower()
            place = text.find(term)
            while place >= 0 and len(text) == len(document.text):
                if _is_denied(document, place, place + len(term)):
                    yield document.span(place, place + len(term))
                place = text.find(term, place + len(term))


def _is_denied(document: Document, start: int, end: int) -> bool:
    read = reading(document)
    return read.section_at(start).kind in _CONCLUDING and read.assertion(start, end).assertion is Assertion.ABSENT


def _term(judged: Judged) -> str:
    """The quote as something to look for elsewhere; empty for a quote that is more than a name."""
    words = judged.span.text.lower().strip(" .,;:").split()
    return " ".join(words) if 0 < len(words) <= _WORDS_AT_MOST and len("".join(words)) > 3 else ""
