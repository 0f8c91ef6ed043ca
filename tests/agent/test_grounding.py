"""A citation is found word for word, or not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.grounding import assign, ground
from records.chart import Chart, Document
from records.code import Citation, Draft, DraftCode
from records.encounter import Encounter
from tests.agent.scripted import book

TEXT = "Family History: pneumonia\nNo evidence of pneumonia.\nAssessment: chronic kidney\n  disease, stage 3.\nAnemia (iron).\n"


def of(text: str) -> Chart:
    encounter = Encounter(patient_class="outpatient", service_date=date(2026, 6, 15))
    return Chart(encounter=encounter, documents=(Document(id="note", text=text), Document(id="other", text="pneumonia")))


def found(quote: str, line: int | None = None, document: str = "note", text: str = TEXT) -> list[str]:
    chart = of(text)
    spans = ground(chart, Citation(document=document, quote=quote, line=line))
    assert all(chart.holds(span) for span in spans)
    return [f"{span.start}:{span.text}" for span in spans]


def test_without_a_line_every_occurrence_is_found() -> None:
    assert found("pneumonia") == ["16:pneumonia", "41:pneumonia"]


def test_with_a_line_only_what_begins_there() -> None:
    assert found("pneumonia", line=2) == ["41:pneumonia"]
    assert found("pneumonia", line=3) == []


def test_white_space_may_differ_and_the_span_is_as_the_chart_has_it() -> None:
    assert found("chronic kidney disease, stage 3", line=3) == ["64:chronic kidney\n  disease, stage 3"]
    assert found("  Anemia\n(iron). ") == ["99:Anemia (iron)."]


@pytest.mark.parametrize(
    "quote",
    [
        "evidence pneumonia",
        "Evidence of pneumonia",
        "No evidence of pneumonia!",
        "emia",
        "neumoni",
        "kidney disease stage 3",
        "",
        " \n",
    ],
)
def test_a_dropped_or_changed_word_a_part_of_a_word_and_nothing_are_not_found(quote: str) -> None:
    assert found(quote) == []


@pytest.mark.parametrize(("document", "line"), [("nobody", None), ("note", 0), ("note", -1), ("note", 99), ("other", 2)])
def test_a_place_that_is_not_there_holds_nothing(document: str, line: int | None) -> None:
    assert found("pneumonia", line, document) == []


def test_marks_of_a_pattern_are_only_marks() -> None:
    assert found("(iron).") == ["106:(iron)."]
    assert found(".*") == []


@pytest.mark.parametrize(
    ("text", "quote", "is_there"),
    [
        ("Non-Hodgkin lymphoma", "Hodgkin lymphoma", False),
        ("pre-diabetes", "diabetes", False),
        ("PRE\u2011eclampsia", "eclampsia", False),
        ("pre-diabetes", "pre-diabetes", True),
        ("right-hip pain", "hip pain", True),
        ("-diabetes", "diabetes", True),
        ("ferritin 2.5 mg", "5 mg", False),
        ("CKD stage 3.5", "CKD stage 3", False),
        ("CKD stage 3.", "CKD stage 3", True),
        ("1,200 ml", "200 ml", False),
    ],
)
def test_a_quote_is_not_cut_out_of_a_word_or_number_that_says_something_else(text: str, quote: str, is_there: bool) -> None:
    assert bool(found(quote, text=text)) is is_there


@given(st.text(max_size=60), st.data())
def test_whatever_is_cut_out_at_word_bounds_is_found_again(text: str, data: st.DataObject) -> None:
    words = text.split()
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    spans = ground(of(text), Citation(document="note", quote=quote))
    assert any(" ".join(span.text.split()) == quote for span in spans)


@given(st.text(alphabet="ab \n\r.", max_size=30), st.text(alphabet="ab .", max_size=6), st.none() | st.integers(-1, 5))
def test_whatever_is_found_is_the_quote_and_begins_on_its_line(text: str, quote: str, line: int | None) -> None:
    chart = of(text)
    for span in ground(chart, Citation(document="note", quote=quote, line=line)):
        assert chart.holds(span)
        assert span.text.split() == quote.split()
        assert line is None or chart.documents[0].line_of(span.start) == line


def test_codes_keep_their_order_their_spelling_and_what_could_not_be_grounded() -> None:
    lost = Citation(document="note", quote="influenza")
    draft = Draft(
        codes=(
            DraftCode(code="zz", evidence=(lost, Citation(document="other", quote="pneumonia"))),
            DraftCode(code="e119", sequence=1),
            DraftCode(code="J18.9", sequence=1, evidence=(Citation(document="note", quote="pneumonia", line=2),) * 2),
        )
    )
    codes = assign(draft, of(TEXT), book())
    assert [(code.sequence, code.code, code.description) for code in codes] == [(1, "zz", ""), (2, "e119", ""), (3, "J18.9", "")]
    assert codes[0].ungrounded == (lost,)
    assert [len(code.evidence) for code in codes] == [1, 0, 1], "the same span twice is one"
