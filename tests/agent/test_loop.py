"""The one loop: whatever a model does has a defined ending, is recorded, and never raises."""

import json
from typing import Any

import pytest

from agent.budget import Limits
from agent.loop import Coded, RunState, run
from agent.messages import Message
from agent.model import HandIn, ModelFailure
from records.chart import Chart, Document
from records.code import CodeAssignment, Draft, DraftCode
from records.finding import Finding
from records.result import Tokens
from tests.agent.scripted import DONE, DRAFT, ScriptedModel, asks, block, book, call, chart, no_check
from tools import TOOLS, Desk, Tool

LIST = call("read_chart", {})
READ = call("read_chart", {"document": "note"}, "call_2")


def code(model: Any, check: Any = no_check, limits: Limits | None = None, the_chart: Chart | None = None) -> Coded:
    return run(the_chart or chart(), model, book(), "the prompt", check, lambda findings: f"{len(findings)} to correct", limits)


def tool_answers(coded: Coded) -> list[dict[str, Any]]:
    return [json.loads(message["content"]) for message in coded.state.messages if message["role"] == "tool"]


def assert_well_formed(messages: list[Message]) -> None:
    """Every call is answered once, right after its turn and in order, or a strict server refuses the conversation."""
    position = 0
    while position < len(messages):
        for asked in messages[position].get("tool_calls", ()):
            position += 1
            assert messages[position]["role"] == "tool"
            assert messages[position]["tool_call_id"] == asked["id"]
        position += 1


def test_a_run_from_the_first_turn_to_the_grounded_code() -> None:
    model = ScriptedModel([asks(LIST, READ)])
    coded = code(model)
    assert [message["role"] for message in coded.state.messages] == ["system", "user", "assistant", "tool", "tool", "assistant"]
    assert_well_formed(coded.state.messages)
    (assignment,) = coded.codes
    assert (assignment.code, assignment.sequence, assignment.evidence[0].text) == ("E11.9", 1, "Type 2 diabetes")
    state = coded.state
    assert (state.budget.turns, state.budget.tool_calls, state.corrections) == (2, 2, 0)
    assert (state.budget_hit, state.failure, state.malformed, state.desk.unread()) == ("", "", [], ())
    assert [(record.name, record.ok, record.arguments) for record in state.calls] == [
        ("read_chart", True, {}),
        ("read_chart", True, {"document": "note"}),
    ]
    assert state.tokens == Tokens(prompt=120, cached=50, completion=12)


def test_the_system_prompt_holds_no_word_of_the_chart_and_the_opening_only_its_documents() -> None:
    model = ScriptedModel()
    code(model)
    assert model.heard[0][0] == {"role": "system", "content": "the prompt"}
    assert "diabetes" not in json.dumps(model.heard[0])


def test_a_model_that_stops_early_leaves_its_documents_unread() -> None:
    coded = code(ScriptedModel([DONE], [Draft()]))
    assert coded.codes == ()
    assert coded.state.desk.unread() == ("note",)
    assert coded.state.failure == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (call("delete_chart"), "there is no such tool"),
        (call(""), "there is no such tool"),
        (call("draft"), "there is no such tool"),
        (call("read_chart", "{"), "read_chart: arguments:"),
        (call("read_chart", "[]"), "read_chart: arguments:"),
        (call("read_chart", "null"), "read_chart: arguments:"),
        (call("read_chart", "not json at all"), "read_chart: arguments:"),
        (call("read_chart", {"document": 3}), "read_chart: document:"),
        (call("read_chart", {"zebra": 3}), "Extra inputs"),
        (call("read_chart", {"from_line": -1, "document": "note"}), "read_chart: from_line:"),
        (call("read_chart", {"document": "zebra"}), "no document of that id"),
        (call("search_codes", {"terms": "x" * 500}), "search_codes: terms:"),
        (call("search_codes", {"terms": "x" * 30_000}), "the arguments are too long"),
        (call("search_codes"), "search_codes: terms: Field required"),
    ],
)
def test_a_bad_call_is_answered_and_recorded_and_the_run_goes_on(asked: Any, said: str) -> None:
    coded = code(ScriptedModel([asks(asked, LIST)]))
    assert said in tool_answers(coded)[0]["error"]
    assert [(record.ok, record.arguments) for record in coded.state.calls] == [(False, {}), (True, {})]
    assert coded.state.calls[0].name in {*TOOLS, "unknown"}
    assert coded.codes[0].code == "E11.9"


def test_the_allow_list_is_the_tools_and_nothing_else() -> None:
    seen: list[str] = []

    class Watching(ScriptedModel):
        def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Any:
            seen.extend(tool["function"]["name"] for tool in tools)
            return super().turn(messages, tools)

    code(Watching())
    assert seen == list(TOOLS)


def test_a_model_that_repeats_itself_is_told_so_and_ends_at_its_turns() -> None:
    coded = code(ScriptedModel([asks(READ)] * 50), limits=Limits(turns=6, repeats=2))
    assert [record.ok for record in coded.state.calls] == [True, True, False, False, False, False]
    assert "was made before" in tool_answers(coded)[-1]["error"]
    assert coded.state.budget_hit == "6 turns", "the calls of the last turn were still answered"
    assert coded.codes[0].code == "E11.9", "what it hands in is kept for the person who gets the chart"


def test_calls_past_the_limit_are_answered_and_recorded_but_not_made() -> None:
    many = [call("read_chart", {"document": "note", "from_line": 1 + n % 3}, f"call_{n}") for n in range(9)]
    coded = code(ScriptedModel([asks(*many), asks(LIST)]), limits=Limits(tool_calls=2))
    assert [record.ok for record in coded.state.calls] == [True, True] + [False] * 7
    assert coded.state.budget.tool_calls == 2
    assert coded.state.budget_hit == "2 tool calls"
    assert_well_formed(coded.state.messages)


def test_time_is_a_limit() -> None:
    coded = code(ScriptedModel([asks(LIST)]), limits=Limits(seconds=0.0))
    assert coded.state.budget_hit == "0 seconds"
    assert coded.state.budget.turns == 0


def test_an_answer_too_long_is_not_sent_and_what_was_not_shown_stays_unread() -> None:
    long = chart("Assessment: " + "word " * 2000)
    coded = code(ScriptedModel([asks(READ)]), limits=Limits(answer_chars=5000), the_chart=long)
    assert "too long" in tool_answers(coded)[0]["error"]
    assert coded.state.calls[0].ok is False
    assert coded.state.desk.unread() == ("note",)


def test_a_tool_with_a_bug_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_chart(desk: Desk) -> dict[str, Any]:
        """Read."""
        raise ZeroDivisionError

    monkeypatch.setitem(TOOLS, "read_chart", Tool.of(read_chart))
    with pytest.raises(ZeroDivisionError):
        code(ScriptedModel([asks(LIST)]))


# --- failures of the model --------------------------------------------------------------------------------------------------

FAILED = ModelFailure("it failed", Tokens(prompt=5))


def test_a_failure_in_a_turn_or_in_the_draft_is_on_the_state_with_what_it_cost() -> None:
    for model in (ScriptedModel([FAILED]), ScriptedModel([asks(LIST), FAILED]), ScriptedModel([], [FAILED])):
        coded = code(model)
        assert coded.state.failure == "it failed"
        assert coded.codes == ()
        assert coded.state.tokens.prompt % 10 == 5


def test_a_failure_while_correcting_leaves_the_first_draft() -> None:
    for model in (ScriptedModel([DONE, FAILED]), ScriptedModel([], [DRAFT, FAILED])):
        coded = code(model, check=lambda codes, state: (block(),))
        assert (coded.state.failure, coded.state.corrections) == ("it failed", 1)
        assert coded.codes[0].code == "E11.9"
        assert coded.findings == (block(),)


def test_the_last_check_knows_of_the_failure() -> None:
    def check(codes: tuple[CodeAssignment, ...], state: RunState) -> tuple[Finding, ...]:
        return (block(state.failure),) if state.failure else ()

    assert code(ScriptedModel([FAILED]), check).findings == (block("it failed"),)


def test_a_model_that_cannot_even_be_opened_for_the_chart_has_failed() -> None:
    class Closed(ScriptedModel):
        def begin(self, chart: Chart) -> Any:
            raise FAILED

    assert code(Closed()).state.failure == "it failed"


def test_entries_that_could_not_be_read_are_on_the_state_and_a_clean_correction_clears_them() -> None:
    half = HandIn(DRAFT, Tokens(), ("code 2: role literal_error",))

    def check(codes: tuple[CodeAssignment, ...], state: RunState) -> tuple[Finding, ...]:
        return (block(),) if state.malformed else ()

    assert code(ScriptedModel([], [half]), check).state.malformed == ["code 2: role literal_error"]
    corrected = code(ScriptedModel([], [half, DRAFT]), check)
    assert (corrected.state.malformed, corrected.findings) == ([], ())


# --- the correction ---------------------------------------------------------------------------------------------------------

OTHER = Draft(codes=(DraftCode(code="I10"),))


def test_blocking_findings_go_back_once_and_only_once() -> None:
    model = ScriptedModel([DONE, asks(READ)], [DRAFT, OTHER])
    coded = code(model, check=lambda codes, state: (block(),))
    assert coded.state.corrections == 1
    assert [one.code for one in coded.codes] == ["I10"]
    asked = [message["content"] for message in coded.state.messages if message["role"] == "user"]
    assert asked[1:] == ["1 to correct"]
    assert_well_formed(coded.state.messages)


@pytest.mark.parametrize("severity", ["note", "review"])
def test_findings_that_do_not_block_are_for_a_person(severity: Any) -> None:
    finding = Finding(rule_id="AG-001", severity=severity, message="m", source="test")
    coded = code(ScriptedModel([], [DRAFT, OTHER]), check=lambda codes, state: (finding,))
    assert coded.state.corrections == 0
    assert coded.codes[0].code == "E11.9"


def test_a_run_that_has_hit_a_limit_is_not_corrected() -> None:
    coded = code(ScriptedModel([asks(LIST)] * 9), lambda codes, state: (block(),), Limits(turns=2))
    assert coded.state.corrections == 0


def test_a_correction_that_is_broken_off_corrects_nothing() -> None:
    model = ScriptedModel([DONE, *[asks(READ)] * 9], [DRAFT, OTHER])
    coded = code(model, lambda codes, state: (block(),), Limits(turns=4))
    assert coded.state.budget_hit == "4 turns"
    assert [one.code for one in coded.codes] == ["E11.9"]


def test_every_document_counts() -> None:
    two = chart().model_copy(update={"documents": (*chart().documents, Document(id="old", text="Pneumonia in 2019."))})
    assert code(ScriptedModel([asks(READ)]), the_chart=two).state.desk.unread() == ("old",)
