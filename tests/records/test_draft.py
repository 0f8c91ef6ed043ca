"""A draft is read entry by entry: one malformed entry costs the others nothing, and none goes unnamed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.code import Draft
from records.draft import DraftError, Origin, read_draft, read_origin

GOOD = {"code": "E11.9", "role": "first_listed", "evidence": [{"document": "note", "quote": "diabetes"}]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.sampled_from([*GOOD, "codes"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_a_draft_of_the_form_is_that_draft() -> None:
    value = {"codes": [GOOD], "considered": [{"code": "R73.9", "reason": "integral"}]}
    reading = read_draft(value)
    assert reading.draft == Draft.model_validate(value)
    assert reading.malformed == ()


@pytest.mark.parametrize(
    ("entry", "kept", "reason"),
    [
        ({**GOOD, "role": "zebra"}, "E11.9", "role literal_error"),
        ({**GOOD, "evidence": [{"document": "note"}]}, "E11.9", "evidence missing"),
        ({**GOOD, "zebra": 1}, "E11.9", "unknown field"),
        ({**GOOD, "units": 0, "sequence": "x"}, "E11.9", "sequence int_parsing, units greater_than_equal"),
        ("E11.9", "E11.9", "the entry is no object"),
        ({"role": "secondary"}, None, "code missing"),
        ({**GOOD, "code": None}, None, "code string_type"),
        ({**GOOD, "code": "\ud800"}, None, "the entry holds what is no Unicode text"),
        ("\ud800", None, "the entry holds what is no Unicode text"),
        (None, None, "the entry is no object"),
        ([], None, "the entry is no object"),
    ],
)
def test_a_malformed_entry_is_named_and_its_code_kept(entry: object, kept: str | None, reason: str) -> None:
    reading = read_draft({"codes": [GOOD, entry, GOOD]})
    assert [code.code for code in reading.draft.codes] == [code for code in ("E11.9", kept, "E11.9") if code]
    assert reading.malformed == (f"code 2: {reason}",)


def test_what_else_is_odd_is_named() -> None:
    assert read_draft({"codes": [], "considered": "zebra"}).malformed == ("considered: not a list",)
    assert read_draft({"codes": [], "considered": [{"code": "R73.9"}]}).malformed == ("considered 1: reason missing",)
    assert read_draft({"codes": [], "zebra": 1}).malformed == ("the draft has an unknown field",)


@pytest.mark.parametrize("value", [None, 3, "zebra", [], {}, {"codes": None}, {"codes": "zebra"}, {"codes": {"0": {}}}])
def test_what_holds_no_list_of_codes_is_an_error_that_does_not_repeat_it(value: object) -> None:
    with pytest.raises(DraftError) as caught:
        read_draft(value)
    assert "zebra" not in str(caught.value)


@given(st.lists(JSON, max_size=5))
def test_every_entry_is_read_or_named(entries: list[object]) -> None:
    reading = read_draft(json.loads(json.dumps({"codes": entries})))
    assert reading.draft.model_dump_json()
    assert len(reading.draft.codes) <= len(entries)
    assert len(reading.draft.codes) + len(reading.malformed) >= len(entries)


def test_a_draft_may_say_what_it_was_made_with() -> None:
    origin, rest = read_origin({"codes": [], "made_with": {"releases": ["icd10cm-2026-04-01"]}})
    assert origin == Origin(releases=("icd10cm-2026-04-01",))
    assert rest == {"codes": []}
    assert read_origin({"codes": []}) == (Origin(), {"codes": []})
    assert read_origin([1]) == (Origin(), [1])


@pytest.mark.parametrize("made_with", [None, "icd10cm", {"release": "icd10cm"}, {"releases": "icd10cm"}, {"chart_sha256": 1}])
def test_an_origin_that_cannot_be_read_is_an_error(made_with: object) -> None:
    with pytest.raises(DraftError):
        read_origin({"codes": [], "made_with": made_with})
