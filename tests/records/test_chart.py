"""Charts, documents and spans: offsets are exact and hashes tell charts apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from records.chart import Chart, Document, Span
from records.encounter import Encounter

DAY = Encounter(patient_class="outpatient", service_date="2026-06-15")  # type: ignore[arg-type]
_BREAKS = st.text(st.sampled_from("ab \n\r\x0b\x0c\x1c\x85\u2028"), max_size=60)


def _chart(text: str = "Asthma.", encounter: Encounter = DAY) -> Chart:
    return Chart(encounter=encounter, documents=(Document(id="note", text=text),))


@given(_BREAKS)
def test_line_of_agrees_with_lines(text: str) -> None:
    document = Document(id="d", text=text)
    for number, (start, end) in enumerate(document.lines, 1):
        assert {document.line_of(offset) for offset in (start, end)} == {number}
        assert document.text[start:end].splitlines() in ([], [document.text[start:end]])


@given(_BREAKS.filter(bool), st.data())
def test_a_span_holds_the_words_at_its_offsets(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Document(id="note", text=text).span(start, end)
    assert span.text == text[start:end]
    assert _chart(text).holds(span)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2), (0, 8)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside document"):
        Document(id="note", text="Asthma.").span(start, end)


def test_a_span_that_disagrees_with_itself_is_refused_without_its_words() -> None:
    with pytest.raises(ValidationError) as refused:
        Span(document="note", start=0, end=4, text="Zanzibar")
    assert "Zanzibar" not in str(refused.value)


def test_a_chart_holds_only_its_own_words() -> None:
    chart = _chart()
    assert not chart.holds(Span(document="note", start=0, end=6, text="asthma"))
    assert not chart.holds(Span(document="other", start=0, end=6, text="Asthma"))
    assert not chart.holds(Span(document="note", start=1, end=7, text="Asthma"))


def test_two_documents_of_one_id_are_refused() -> None:
    with pytest.raises(ValidationError, match="same id"):
        Chart(encounter=DAY, documents=(Document(id="a", text="x"), Document(id="a", text="y")))


def test_the_hash_is_of_the_whole_chart() -> None:
    other_day = Encounter(patient_class="outpatient", service_date="2026-06-16")  # type: ignore[arg-type]
    hashes = {_chart().sha256, _chart("Asthma").sha256, _chart(encounter=other_day).sha256}
    assert len(hashes) == 3
    assert _chart().sha256 == _chart().sha256
