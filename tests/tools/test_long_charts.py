"""A long chart, read by condition and by section: nothing is passed over in silence, and each answer has a bound."""

import json
import sys
from datetime import date
from typing import Any

import pytest

from codebook.book import open_book
from records.chart import Chart, Document
from records.encounter import Encounter
from tools import TOOLS, Desk, ToolError
from tools.list_conditions import GROUPS_PER_CALL
from tools.read_section import CHARS_PER_CALL

NOTE = "HPI: Follow-up. Denies chest pain.\nFH: mother had breast cancer.\n\nASSESSMENT:\nType 2 diabetes.\nHypertension.\n"
OTHER = "ASSESSMENT:\nType 2 diabetes, stable.\nPossible gout.\n"


def desk(*texts: str) -> Desk:
    documents = tuple(Document(id=f"d{number}", author_role="physician", text=text) for number, text in enumerate(texts, 1))
    encounter = Encounter(patient_class="outpatient", service_date=date(2026, 6, 15))
    return Desk(Chart(encounter=encounter, documents=documents), open_book(encounter.code_set_date))


def ask(on: Desk, name: str, **arguments: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(TOOLS[name].call(on, json.dumps(arguments)))
    return answer


def test_a_condition_is_listed_once_with_every_place_and_how_it_is_meant() -> None:
    on = desk(NOTE, OTHER)
    found = {(one["words"][0], one["assertion"]): one for one in ask(on, "list_conditions")["conditions"]}
    assert found["type 2 diabetes", "present"]["at"] == ["d1:5 assessment", "d2:2 assessment"]
    assert found["type 2 diabetes", "present"]["codes"][0].startswith("E11.9 Type 2 diabetes")
    assert ("chest pain", "absent") in found
    assert ("mother had breast cancer", "family") in found
    assert ("gout", "uncertain") in found
    assert on.unread() == ()


def test_only_what_is_meant_in_one_way() -> None:
    shown = ask(desk(NOTE, OTHER), "list_conditions", assertion="absent")["conditions"]
    assert [one["words"] for one in shown] == [["chest pain"]]
    on = desk(NOTE, OTHER)
    ask(on, "list_conditions", assertion="present")
    assert on.unread() == ("d1", "d2"), "what a filter keeps out was not read"
    with pytest.raises(ToolError, match="assertion is one of present, absent"):
        ask(desk(NOTE), "list_conditions", assertion="zebra")


def test_a_long_list_is_shown_in_parts_that_make_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["tools.list_conditions"], "GROUPS_PER_CALL", 2)
    on = desk(NOTE, OTHER)
    shown: list[dict[str, Any]] = []
    following = 1
    while following:
        answer = ask(on, "list_conditions", from_number=following)
        assert len(answer["conditions"]) <= 2
        shown += answer["conditions"]
        following = answer.get("next", 0)
        assert bool(on.unread()) == bool(following), "a line is unread until all its conditions were shown"
    monkeypatch.undo()
    assert GROUPS_PER_CALL > len(shown) > 2
    assert shown == ask(on, "list_conditions")["conditions"]


def test_a_part_that_was_skipped_stays_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["tools.list_conditions"], "GROUPS_PER_CALL", 2)
    on = desk(NOTE, OTHER)
    for skipped_to in (3, 5, 7):
        ask(on, "list_conditions", from_number=skipped_to)
    assert on.unread() == ("d1", "d2")
    ask(on, "list_conditions")
    assert on.unread() == ("d1", "d2"), "the parts before a gap was closed count when they are shown again"
    for following in (3, 5, 7):
        ask(on, "list_conditions", from_number=following)
    assert on.unread() == ()


def test_a_condition_in_many_places_is_counted_beyond_the_first_few() -> None:
    (one,) = ask(desk(*["ASSESSMENT:\nHypertension.\n"] * 9), "list_conditions")["conditions"]
    assert (len(one["at"]), one["more_places"]) == (6, 3)


def test_a_section_is_read_in_all_documents_and_nothing_else_counts_as_read() -> None:
    on = desk(NOTE, OTHER)
    answer = ask(on, "read_section", kind="assessment")
    assert answer["documents"] == [
        {"id": "d1", "lines": ["4| ASSESSMENT:", "5| Type 2 diabetes.", "6| Hypertension."]},
        {"id": "d2", "lines": ["1| ASSESSMENT:", "2| Type 2 diabetes, stable.", "3| Possible gout."]},
    ]
    assert on.unread() == ("d1",)
    assert [one["id"] for one in ask(on, "read_section", kind="assessment", from_document="d2")["documents"]] == ["d2"]


def test_long_sections_are_read_in_parts_that_make_the_whole() -> None:
    text = "ASSESSMENT:\n" + "".join(f"Item {number}: {'hypertension ' * 60}\n" for number in range(30))
    on = desk(text, text)
    read: list[str] = []
    following: dict[str, Any] = {}
    calls = 0
    while calls == 0 or following:
        answer = ask(on, "read_section", kind="assessment", **following)
        assert sum(len(line) for one in answer["documents"] for line in one["lines"]) < CHARS_PER_CALL + 1000
        read += [f"{one['id']} {line}" for one in answer["documents"] for line in one["lines"]]
        following, calls = answer.get("next", {}), calls + 1
    assert calls > 3
    assert len(read) == len(set(read)) == 62
    assert on.unread() == ()


def test_a_line_longer_than_an_answer_is_still_read() -> None:
    on = desk("ASSESSMENT: " + "hypertension " * 2000)
    assert "next" not in ask(on, "read_section", kind="assessment")
    assert on.unread() == ()


@pytest.mark.parametrize(
    ("arguments", "said"), [({"kind": "zebra"}, "kind is one of"), ({"kind": "hpi", "from_document": "zebra"}, "no document")]
)
def test_what_is_not_there_is_a_tool_error(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        ask(desk(NOTE), "read_section", **arguments)
