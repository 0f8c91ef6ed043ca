"""A result run again from its record: the same when nothing changed, and every difference named when something did."""

import json
from importlib.resources import files

import pytest

from agent.coding import code_chart
from agent.models.offline import OfflineModel
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from agent.replay import replay
from guardrails.policy import load_policy
from records.chart import Chart
from records.result import CodingResult
from tests.agent.scripted import serve

POLICY = load_policy("supervised")
EXAMPLES = sorted(path.name for path in files("evals").joinpath("gold/examples").iterdir() if path.name.endswith(".json"))


def example(name: str) -> Chart:
    return Chart.model_validate(json.loads(files("evals").joinpath("gold/examples", name).read_text("utf-8"))["chart"])


@pytest.fixture(scope="module")
def result() -> CodingResult:
    return code_chart("a", example("example-office-knee.json"), OfflineModel(), POLICY)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_result_is_the_same_when_it_is_run_again(name: str) -> None:
    made = CodingResult.model_validate_json(code_chart("a", example(name), OfflineModel(), POLICY).model_dump_json())
    replayed = replay(made, example(name), POLICY)
    assert replayed.differences == ()
    assert replayed.calls > 3


def test_a_masked_run_is_run_again_over_the_masked_chart() -> None:
    the_chart = example("example-office-knee.json")
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", mask=True)
    made = code_chart("a", the_chart, OpenAIModel(endpoint, serve(OfflineModel(), the_chart)), POLICY)
    assert made.provenance is not None
    assert made.provenance.masked
    assert replay(made, the_chart, POLICY).differences == ()


def test_what_changed_is_named(result: CodingResult) -> None:
    the_chart = example("example-office-knee.json")
    assert result.provenance is not None
    other = example("example-query.json")
    assert replay(result, other, POLICY).differences == ("the chart is not the one that was coded",)
    assert "the policy is not that of the record" in replay(result, the_chart, load_policy("straight_through")).differences
    forged = result.model_copy(update={"codes": (result.codes[0].model_copy(update={"evidence": ()}), *result.codes[1:])})
    assert any(told.startswith("EV-001 is found now") for told in replay(forged, the_chart, POLICY).differences)
    call = result.provenance.tool_calls[0].model_copy(update={"answer_sha256": "0" * 64})
    made = result.provenance.model_copy(update={"tool_calls": (call,), "rules_sha256": "0", "releases": ()})
    told = replay(result.model_copy(update={"provenance": made}), the_chart, POLICY).differences
    assert "tool call 1 (read_chart) is answered otherwise now" in told
    assert "the rules are not those of the record" in told
    assert "the release of the code set is not that of the record" in told
    unbegun = replay(result.model_copy(update={"provenance": None}), the_chart, POLICY)
    assert unbegun.differences == ("the result has no provenance: the chart was never begun",)
