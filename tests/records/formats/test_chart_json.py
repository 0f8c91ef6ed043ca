"""Chart JSON and JSONL: both shapes, streaming, and one broken line that costs only itself."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.formats import ChartError, Row, read_charts, rows
from records.formats.content import MAX_BYTES
from records.formats.intake import chart_of

ENCOUNTER = {"patient_class": "outpatient", "service_date": "2026-06-15"}
CHART = {"encounter": ENCOUNTER, "documents": [{"id": "note", "text": "Asthma.\r\n"}]}


def write(folder: Path, content: str, name: str = "a.json") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (CHART, "a"),
        ({"id": "enc-9", "chart": CHART, "gold": {"anything": 1}, "note": "ignored"}, "enc-9"),
        ({"id": 12, "chart": CHART}, "12"),
        ({"chart": CHART | {"encounter": ENCOUNTER | {"id": "e-1"}}}, "e-1"),
    ],
)
def test_a_bare_chart_and_a_row_with_an_id_are_the_same_chart(tmp_path: Path, value: Any, name: str) -> None:
    (received,) = read_charts(write(tmp_path, json.dumps(value)))
    assert received.id == name
    assert received.chart is not None
    assert received.chart.documents[0].text == "Asthma.\r\n"


BAD: dict[str, tuple[Any, str]] = {
    "broken": ('{"id": "x", ', "not valid JSON (line 1, column 13)"),
    "a list": ("[]", "not a chart: a JSON object is needed"),
    "no encounter": ('{"documents": []}', "not a chart: it has no encounter"),
    "no documents": (json.dumps({"encounter": ENCOUNTER}), "not a chart: it has no list of documents"),
    "an empty list of documents": (json.dumps({"encounter": ENCOUNTER, "documents": []}), "the chart has no documents"),
    "a document that is none": (json.dumps(CHART | {"documents": [7]}), "documents.0: Input should be a valid dictionary"),
    "seconds for a date": (
        json.dumps(CHART | {"encounter": ENCOUNTER | {"service_date": 1781481600}}),
        "service_date is not a date written YYYY-MM-DD",
    ),
    "an unknown field": (json.dumps({"chart": CHART | {"extra": 1}}), "the chart has an unknown field"),
    "two documents of one id": (
        json.dumps(CHART | {"documents": CHART["documents"] * 2}),
        "two documents of the chart have the same id",
    ),
    "deep": ("[" * 100_000, "not valid JSON (a number or a nesting beyond any chart)"),
    "a number of thousands of digits": ('{"id": ' + "9" * 5000 + "}", "not valid JSON (a number or a nesting beyond any chart)"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_chart_says_why(tmp_path: Path, name: str) -> None:
    content, reason = BAD[name]
    (received,) = read_charts(write(tmp_path, content))
    assert received.error.startswith(reason)
    assert "\n" not in received.error


def test_a_foreign_field_is_not_named(tmp_path: Path) -> None:
    value = CHART | {"encounter": ENCOUNTER | {"Jane Marker": 1}, "documents": [{"id": "n", "text": "a", "Marker": 2}]}
    (received,) = read_charts(write(tmp_path, json.dumps(value)))
    assert received.error.count("unknown field") == 2
    assert "Marker" not in received.error


def test_a_broken_line_is_a_failed_chart_and_the_rest_follow_in_order(tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "chart": CHART})
    nameless = json.dumps({"chart": CHART})
    wrong = json.dumps({"id": "wrong", "chart": {}})
    lines = [good, "", '{"id": "torn', nameless, wrong, "é".encode("latin-1").decode("latin-1"), good]
    path = write(tmp_path, "\n".join(lines), "b.jsonl")
    received = list(read_charts(path))
    assert [one.id for one in received] == ["good", "b:3", "b:4", "wrong", "b:6", "good"]
    assert [one.chart is not None for one in received] == [True, False, True, False, False, True]
    assert received[1].place == f"{path} line 3"


def test_a_line_that_is_not_utf8_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    good = json.dumps({"chart": CHART}).encode()
    path.write_bytes(good + b"\n\xff\xfe\xfd\n" + good + b"\n")
    assert [one.chart is not None for one in read_charts(path)] == [True, False, True]


def test_a_line_beyond_the_limit_is_skipped_without_losing_its_neighbours(tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "chart": CHART})
    path = write(tmp_path, f'{good}\n"{"x" * (2 * MAX_BYTES)}"\n{good}\n', "b.jsonl")
    assert [row.error[:9] for row in rows(path)] == ["", "too large", ""]
    assert [row.number for row in rows(path)] == [1, 2, 3]


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(json.dumps({"id": str(n), "chart": CHART}) for n in range(3)), "b.jsonl")
    reading = read_charts(path)
    assert next(reading).id == "0"
    path.write_bytes(b"")  # the first was given before the last was read
    assert next(reading).id in ("1",)


@pytest.mark.parametrize("content", ["", "\n\n  \n"])
def test_an_empty_jsonl_is_a_fault_of_the_file(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, content, "b.jsonl")
    assert [one.error for one in read_charts(path)] == ["empty"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "chart", "encounter", "documents", "text", "resourceType", "entry", "resource"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON, st.sampled_from(["Bundle", "DocumentReference", "DiagnosticReport"]))
def test_no_json_value_raises_anything_but_a_reason(value: Any, other: Any, kind: str) -> None:
    entry = {
        "resource": {"resourceType": kind, "id": value, "content": [{"attachment": other}], "author": [other], "type": value}
    }
    for given_value in (
        value,
        {"chart": value},
        {"chart": {"encounter": ENCOUNTER, "documents": value}},
        {"chart": {"encounter": value, "documents": [{"id": "a", "text": "b"}]}},
        {
            "resourceType": "Bundle",
            "entry": [entry, {"resource": {"resourceType": "Encounter", "class": value, "period": other}}],
        },
        {"resourceType": kind, "id": "x", "context": value, "presentedForm": other},
    ):
        with contextlib.suppress(ChartError):
            chart_of(Row(1, "row", given_value), {"patient_class": "outpatient"})
