"""Two models, one loop: the offline model, and the same model asked over the wire of an OpenAI-compatible server.

The server is in the process, behind the client libraries' own transport, so everything but the network is the real thing.
"""

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from agent.coding import code_chart
from agent.model import Model
from agent.models.offline import OfflineModel
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from guardrails.policy import load_policy
from records.chart import Chart
from records.result import CodingResult
from tests.agent.scripted import serve

EXAMPLES = sorted(path.name for path in files("evals").joinpath("gold/examples").iterdir() if path.name.endswith(".json"))
ENDPOINT = Endpoint(base_url="http://127.0.0.1:9/v1", model="served")


def served(chart: Chart) -> Model:
    return OpenAIModel(ENDPOINT, serve(OfflineModel(), chart))


MODELS: dict[str, Callable[[Chart], Model]] = {"offline": lambda chart: OfflineModel(), "openai": served}


@cache
def coded(model: str, example: str) -> CodingResult:
    body = json.loads(files("evals").joinpath("gold/examples", example).read_text("utf-8"))
    chart = Chart.model_validate(body["chart"])
    return code_chart(body["id"], chart, MODELS[model](chart), load_policy("supervised"))


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("model", MODELS)
def test_the_loop_codes_a_chart(model: str, example: str) -> None:
    result = coded(model, example)
    assert result.error is None
    assert result.provenance is not None
    assert result.provenance.turns >= 2
    assert all(call.ok for call in result.provenance.tool_calls)
    assert {"read_chart", "find_mentions"} <= {call.name for call in result.provenance.tool_calls}
    assert result.disposition != "final_coded"
    for code in result.codes:
        assert code.evidence or code.ungrounded
    assert [code.sequence for code in result.codes] == list(range(1, len(result.codes) + 1))


def _without_the_way(result: CodingResult) -> dict[str, Any]:
    """All but what names the model and how long it took, and the scores, which are those of one model."""
    body = result.model_dump(mode="json")
    for field in ("model", "endpoint", "seconds", "model_seconds", "calibration_sha256"):
        del body["provenance"][field]
    del body["scores"], body["score"]
    return body


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_wire_changes_nothing(example: str) -> None:
    assert _without_the_way(coded("openai", example)) == _without_the_way(coded("offline", example))


def test_the_result_says_which_model_was_asked_and_where() -> None:
    offline, openai = coded("offline", EXAMPLES[0]).provenance, coded("openai", EXAMPLES[0]).provenance
    assert offline is not None
    assert openai is not None
    assert (offline.model.split("/")[0], offline.endpoint) == ("offline", "")
    assert (openai.model, openai.endpoint) == ("served", "http://127.0.0.1:9")
    assert openai.prompt == "coder_radiology/v1"
