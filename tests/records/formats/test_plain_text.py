"""A note as text: front matter, options, and what is not front matter although it looks like it."""

from datetime import date
from pathlib import Path

import pytest

from records.formats import read_charts
from records.formats.content import MAX_BYTES

NOTE = "HPI: cough.\n\nASSESSMENT: Asthma.\n"
FACTS = {"patient_class": "outpatient", "service_date": "2026-06-15"}


def written(folder: Path, text: str | bytes, name: str = "visit.txt") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_front_matter_becomes_the_encounter_and_the_document_and_the_text_stays_as_it_was(tmp_path: Path) -> None:
    head = "---\nid: v-7\nPatient-Class: Outpatient\nservice date: 2026-06-15\nsex: F\nauthor_role: physician\nsigned: no\n---\n"
    (received,) = read_charts(written(tmp_path, head + NOTE))
    assert received.id == "v-7"
    chart = received.chart
    assert chart is not None
    assert (chart.encounter.patient_class, chart.encounter.sex) == ("outpatient", "female")
    assert chart.encounter.code_set_date == date(2026, 6, 15)
    document = chart.documents[0]
    assert (document.author_role, document.signed, document.text) == ("physician", False, NOTE)


def test_facts_given_from_outside_win_over_front_matter(tmp_path: Path) -> None:
    path = written(tmp_path, "---\npatient_class: inpatient\nservice_date: 2026-06-15\n---\n" + NOTE)
    (received,) = read_charts(path, {"patient_class": "emergency", "author_role": "nurse"})
    assert received.chart is not None
    assert received.chart.encounter.patient_class == "emergency"
    assert received.chart.documents[0].author_role == "nurse"


def test_a_byte_order_mark_and_carriage_returns_are_no_fault(tmp_path: Path) -> None:
    content = "\ufeff---\r\npatient_class: outpatient\r\nservice_date: 2026-06-15\r\n---\r\nPlan: rest.\r\n"
    (received,) = read_charts(written(tmp_path, content))
    assert received.chart is not None
    assert received.chart.documents[0].text == "Plan: rest.\r\n"


@pytest.mark.parametrize(
    "text", ["---\nCopied from outside records\n---\n" + NOTE, "---\n" + NOTE, "{not json} cough\n", "[x] cough\n"]
)
def test_a_note_that_only_looks_like_another_form_is_a_note(tmp_path: Path, text: str) -> None:
    (received,) = read_charts(written(tmp_path, text), FACTS)
    assert received.chart is not None
    assert received.chart.documents[0].text == text


BAD = {
    "empty": (b"", FACTS, "empty"),
    "blank": (b" \n\t\n", FACTS, "empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", FACTS, "empty"),
    "latin-1": ("Ménière".encode("latin-1"), FACTS, "not UTF-8 (first invalid byte at offset 1)"),
    "utf-16": ("cough".encode("utf-16"), FACTS, "encoded as UTF-16, not UTF-8"),
    "binary": (b"MZ\x00\x01\x02" * 9, FACTS, "binary, not text"),
    "pdf": (b"%PDF-1.7\n...", FACTS, "a PDF file, not text"),
    "control characters": (b"\x01\x02\x03\x04cough", FACTS, "binary, not text"),
    "five megabytes": (b"cough\n" * (MAX_BYTES // 6 + 1), FACTS, "too large: a chart must be smaller than 5 MB"),
    "no class": (
        b"cough",
        {"service_date": "2026-06-15"},
        "patient_class is missing (inpatient, outpatient, emergency or observation)",
    ),
    "no date": (b"cough", {"patient_class": "outpatient"}, "the encounter has no date: service_date or discharge_date is needed"),
    "unknown class": (
        b"cough",
        FACTS | {"patient_class": "walk-in"},
        "encounter.patient_class: Input should be 'inpatient', 'outpatient', 'emergency' or 'observation'",
    ),
    "a number for a date": (b"cough", FACTS | {"service_date": "20260615"}, "service_date is not a date written YYYY-MM-DD"),
    "a day that is not": (b"cough", FACTS | {"service_date": "2026-02-30"}, "service_date is not a date written YYYY-MM-DD"),
    "front matter alone": (b"---\nsex: F\n---\n\n", FACTS, "no text below the front matter"),
    "inpatient without discharge": (
        b"cough",
        {"patient_class": "inpatient", "admit_date": "2026-06-15"},
        "an inpatient facility claim needs its discharge_date",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_with_the_reason(tmp_path: Path, name: str) -> None:
    content, facts, reason = BAD[name]
    (received,) = read_charts(written(tmp_path, content), facts)
    assert (received.chart, received.error) == (None, reason)
    assert received.place.endswith("visit.txt")


def test_a_strange_line_in_front_matter_is_named_by_its_number_only(tmp_path: Path) -> None:
    (received,) = read_charts(written(tmp_path, "---\nsex: F\nMr Marker: here\n---\n" + NOTE), FACTS)
    assert "line 3" in received.error
    assert "Marker" not in received.error


def test_a_missing_file_and_a_folder_are_failed_charts(tmp_path: Path) -> None:
    assert [one.error for one in read_charts(tmp_path / "gone.txt")] == ["no such file"]
    assert [one.error for one in read_charts(tmp_path)] == ["a folder, not a file"]


def test_the_largest_chart_that_is_read_is_just_below_the_limit(tmp_path: Path) -> None:
    (received,) = read_charts(written(tmp_path, b"x" * (MAX_BYTES - 1)), FACTS)
    assert received.error == ""
