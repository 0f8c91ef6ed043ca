"""A result as a person reads it: complete, plain when not on a terminal, and deaf to what a chart would do to one."""

import io

import pytest
from rich.console import Console

from records.chart import Chart, Document
from records.code import Citation, CodeAssignment, Considered
from records.encounter import Encounter
from records.finding import Disposition, Finding
from records.query import Query
from records.result import CodingResult, Provenance
from service.quotation import quotation
from service.render import show_result
from service.terminal import visible

TEXT = "HPI: cough.\nASSESSMENT\n1. Type 2 diabetes, with CKD stage 3a.\x1b[31m Continue.\nNo pneumonia.\n"
NOTE = Document(id="note", kind="office_visit_note", author_role="physician", text=TEXT)
CHART = Chart(
    encounter=Encounter.model_validate(
        {"patient_class": "outpatient", "service_date": "2026-06-15", "sex": "female", "birth_date": "1967-01-15"}
    ),
    documents=(NOTE,),
)


def at(words: str, document: Document = NOTE) -> tuple[int, int]:
    start = document.text.index(words)
    return start, start + len(words)


RESULT = CodingResult(
    id="enc-1",
    codes=(
        CodeAssignment(
            system="icd10cm",
            code="E11.22",
            description="Type 2 diabetes mellitus with diabetic chronic kidney disease",
            role="first_listed",
            sequence=1,
            evidence=(NOTE.span(*at("Type 2 diabetes")),),
            ungrounded=(Citation(document="note", quote="diabetic nephropathy"),),
            rationale="The classification presumes the link.",
            guidelines=("I.A.15",),
        ),
    ),
    considered=(Considered(code="J18.9", reason="negated", evidence=(Citation(document="note", quote="pneumonia", line=4),)),),
    findings=(
        Finding(
            rule_id="CM-011",
            severity="review",
            message="Use an additional code for the stage.",
            codes=("E11.22",),
            spans=(NOTE.span(*at("CKD stage 3a")),),
            source="ICD-10-CM, E11.22",
        ),
    ),
    queries=(
        Query(
            reason="specificity",
            title="Kidney disease",
            kind="multiple_choice",
            question="Please state the stage.",
            options=("Stage 3a", "Unable to determine"),
            clinical_indicators=(NOTE.span(*at("CKD stage 3a")),),
        ),
    ),
    disposition=Disposition.CODER_REVIEW,
    reasons=("CM-011: a person must judge (E11.22)",),
    provenance=Provenance(model="scripted", prompt="coder/v1", prompt_sha256="ab" * 32, policy="supervised/v1"),
)


def shown(result: CodingResult, chart: Chart | None = CHART, *, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), width=120, force_terminal=terminal, color_system="standard" if terminal else None)
    show_result(console, result, chart, {"J18.9": "Pneumonia, unspecified organism"}.get)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "enc-1  coder_review",
        "outpatient · codes of 2026-06-15 · female · 59 years",
        "1  E11.22  Type 2 diabetes mellitus with diabetic chronic kidney disease",
        "first listed",
        "note · assessment · line 3  1. »Type 2 diabetes«, with CKD stage 3a.",
        'note: not in the chart word for word: "diabetic nephropathy"',
        "The classification presumes the link.",
        "Guidelines I.A.15",
        "J18.9    Pneumonia, unspecified organism: negated",
        "note · assessment · line 4  No »pneumonia«.",
        "Query to the provider (specificity; draft, does not hold the claim)",
        "[ ] Stage 3a",
        "review CM-011 E11.22: Use an additional code for the stage.",
        "ICD-10-CM, E11.22",
        "- CM-011: a person must judge (E11.22)",
        "model scripted · prompt coder/v1 abababababab",
    ],
)
def test_everything_a_coder_asks_for_is_there(words: str) -> None:
    assert words in shown(RESULT)


def test_it_is_plain_when_not_on_a_terminal_and_highlights_on_one() -> None:
    assert "\x1b" not in shown(RESULT)
    assert "»Type 2 diabetes«" not in shown(RESULT, terminal=True)
    assert "\x1b[1;30;43mType 2 diabetes\x1b[0m" in shown(RESULT, terminal=True)


def test_a_chart_never_steers_the_terminal() -> None:
    assert "[31m Continue" in shown(RESULT, terminal=True)
    assert "\x1b[31m Continue" not in shown(RESULT, terminal=True)
    assert visible("a\x07\u202eb\u2028c\x9bd") == "a  b c d"


def test_what_could_not_be_read_says_so_and_nothing_else() -> None:
    held = CodingResult(id="x", disposition=Disposition.HELD, reasons=("a.txt: empty",), error="a.txt: empty")
    assert "a.txt: empty" in shown(held, None)


def test_a_long_line_is_cut_around_the_words_and_the_words_stay_whole() -> None:
    document = Document(id="d", text="x" * 500 + " severe asthma " + "y" * 500)
    cut = quotation(document, document.span(*at("severe asthma", document))).cut(60)
    assert cut.words == "severe asthma"
    assert cut.before.startswith("…x")
    assert cut.after.endswith("y…")
    assert len(cut.before + cut.words + cut.after) <= 60


def test_words_over_two_lines_are_shown_on_one() -> None:
    document = Document(id="d", text="A: chronic\nkidney disease\nplan")
    found = quotation(document, document.span(3, 25))
    assert (found.before, found.words, found.after, found.line) == ("A: ", "chronic ⏎ kidney disease", "", 1)
