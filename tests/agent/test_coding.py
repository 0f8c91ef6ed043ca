"""One run composed: the facts of the run reach the rules, and whatever breaks is held with a line that says so."""

from collections.abc import Callable
from typing import Any

import pytest

import agent.coding
from agent.budget import Limits
from agent.coding import Options, code_chart, internal_error
from agent.model import HandIn
from guardrails.policy import load_policy
from prompts.library import PromptError
from records.code import Draft
from records.finding import Disposition
from records.result import CodingResult, Tokens
from tests.agent.scripted import ScriptedModel, asks, call, chart

POLICY = load_policy("straight_through")


def rules(result: CodingResult) -> set[str]:
    return {finding.rule_id for finding in result.findings}


def coded(model: ScriptedModel, limits: Limits | None = None) -> CodingResult:
    return code_chart("enc-1", chart(), model, POLICY, Options(limits))


def test_a_document_that_was_not_read_is_a_finding_and_one_that_was_is_none() -> None:
    assert "RN-003" in rules(coded(ScriptedModel()))
    assert "RN-003" not in rules(coded(ScriptedModel([asks(call("read_chart", {"document": "note"}))])))


def test_a_limit_that_was_hit_goes_to_a_person() -> None:
    model = ScriptedModel([asks(call("read_chart", {"document": "note"}, str(number))) for number in range(9)])
    result = coded(model, Limits(turns=3))
    assert "RN-002" in rules(result)
    assert result.disposition is not Disposition.FINAL_CODED


def test_the_deadline_of_the_model_is_the_limit_of_its_run_and_what_is_asked_for_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow(ScriptedModel):
        deadline = 1800.0

    given: list[Limits] = []
    original = agent.coding.run_model
    monkeypatch.setattr(agent.coding, "run_model", lambda *run: (given.append(run[6]), original(*run))[1])
    for limits in (None, Limits(turns=3)):
        coded(Slow(), limits)
    assert given == [Limits(seconds=1800), Limits(turns=3)]


def test_an_entry_that_could_not_be_read_blocks() -> None:
    result = coded(ScriptedModel(drafts=[HandIn(Draft(), Tokens(), ("code 1: code missing",))]))
    assert "RN-004" in rules(result)
    assert result.disposition is Disposition.HELD


def test_blocking_findings_go_back_once_in_the_words_of_the_released_prompt() -> None:
    model = ScriptedModel(drafts=[Draft.model_validate({"codes": [{"code": "E11.9"}]})])
    result = coded(model)
    assert result.provenance is not None
    assert result.provenance.corrections == 1
    corrections = [message for message in model.heard[-1] if message["role"] == "user" and "EV-001" in str(message["content"])]
    assert len(corrections) == 1


def _raise(error: Exception) -> Callable[..., Any]:
    def broken(*given: Any, **named: Any) -> Any:
        raise error

    return broken


@pytest.mark.parametrize(
    ("part", "error", "told"),
    [
        ("system_prompt", PromptError("prompt coder/v1 cannot be rendered"), "prompt coder/v1 cannot be rendered"),
        ("run_model", ValueError("ZQXMARKER"), "internal error: ValueError at "),
        ("route", RecursionError("ZQXMARKER"), "internal error: RecursionError at "),
    ],
)
def test_whatever_breaks_is_held(monkeypatch: pytest.MonkeyPatch, part: str, error: Exception, told: str) -> None:
    monkeypatch.setattr(agent.coding, part, _raise(error))
    result = coded(ScriptedModel())
    assert (result.disposition, result.codes) == (Disposition.HELD, ())
    assert result.error is not None
    assert result.error.startswith(told)
    assert result.reasons == (result.error,)
    assert "ZQXMARKER" not in result.model_dump_json()


def test_an_internal_error_is_told_by_type_and_place_alone() -> None:
    assert internal_error(ValueError("chart text")) == "internal error: ValueError"
