"""A whole run against ``serve-model``, recorded once and replayed without it.

To record it anew (a prompt, a tool's answer or the code book has changed), delete the cassette and run this test.
"""

from pathlib import Path

import pytest

from agent.coding import code_chart
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from guardrails.policy import load_policy
from records.result import CodingResult
from service.model_server import MODEL
from tests.agent.openai.test_cassette import played
from tests.agent.scripted import chart
from tests.service.served import served

CASSETTE = Path(__file__).parent / "cassettes" / "served-office-visit.yaml"


def code(port: int) -> CodingResult:
    model = OpenAIModel(Endpoint(base_url=f"http://127.0.0.1:{port}/v1", model=MODEL, attempts=1))
    try:
        return code_chart("enc-1", chart(), model, load_policy("straight_through"))
    finally:
        model.close()


@pytest.fixture(scope="module")
def cassette() -> Path:
    """The cassette, recorded if it is not there."""
    if not CASSETTE.exists():
        with served() as port, played(CASSETTE, record=True):
            assert code(port).error is None
    return CASSETTE


def test_a_run_against_the_served_model_replays_without_it(cassette: Path) -> None:
    with played(cassette) as tape:
        result = code(9)
    assert (result.error, [one.code for one in result.codes]) == (None, ["E11.9"])
    assert result.disposition == "final_coded"
    assert result.provenance is not None
    assert tape.play_count == result.provenance.turns + 1
    assert result.provenance.tokens.prompt > 0


def test_the_cassette_names_no_machine_and_no_key(cassette: Path) -> None:
    text = cassette.read_text()
    assert "authorization" not in text.lower()
    assert "user-agent" not in text.lower()
    assert "x-stainless" not in text.lower()
