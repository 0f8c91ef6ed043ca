"""The configuration: named models read strictly, keys from the environment alone, the same gate for each."""

from pathlib import Path
from typing import Any

import pytest

from agent.chain import Chain
from agent.models import ModelError, endpoint_of, open_model
from agent.models.openai.model import OpenAIModel

CONFIG = """
[models.basement]
base_url = "http://127.0.0.1:11434/v1"
model = "small"
api_key_env = "BASEMENT_KEY"
deadline = 120
requests_per_minute = 30
fallback = ["attic", "offline"]

[models.attic]
base_url = "http://127.0.0.1:11434/v1"
model = "large"
mask = true

[models.away]
base_url = "https://models.example.com/v1"
model = "large"

[prices.large]
prompt = 2.0
cached = 0.5
completion = 8.0
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return {"CHARTPROOF_CONFIG": str(path), "BASEMENT_KEY": "sk-zebra"}


def changed(environment: dict[str, str], old: str, new: str) -> dict[str, str]:
    path = Path(environment["CHARTPROOF_CONFIG"])
    path.write_text(CONFIG.replace(old, new))
    return environment


def test_a_profile_is_a_model_with_its_settings_key_and_price(environment: dict[str, str]) -> None:
    basement, attic = endpoint_of("basement", environment), endpoint_of("attic", environment)
    assert (basement.model, basement.deadline, basement.requests_per_minute, basement.mask) == ("small", 120, 30, False)
    assert basement.api_key is not None
    assert basement.api_key.get_secret_value() == "sk-zebra"
    assert basement.price is None
    assert (attic.api_key, attic.mask, attic.price and attic.price.completion) == (None, True, 8.0)


def test_a_chain_is_opened_in_its_order_and_shares_what_is_known_of_an_endpoint(environment: dict[str, str]) -> None:
    model = open_model("basement", environment)
    assert isinstance(model, Chain)
    assert [one.name for one in model.models] == ["small", "large", "offline/1"]
    one, other, _ = model.models
    assert isinstance(one, OpenAIModel)
    assert isinstance(other, OpenAIModel)
    assert one._transport.breaker is other._transport.breaker
    assert isinstance(open_model("attic", environment), OpenAIModel)


def test_the_model_of_the_environment_has_its_price_too(environment: dict[str, str]) -> None:
    there = {**environment, "CHARTPROOF_BASE_URL": "http://127.0.0.1:9/v1", "CHARTPROOF_MODEL": "large", "CHARTPROOF_MASK": "1"}
    endpoint = endpoint_of("openai", there)
    assert (endpoint.price and endpoint.price.prompt, endpoint.mask) == (2.0, True)


def test_a_remote_profile_needs_the_operators_word_in_the_environment(environment: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="CHARTPROOF_ALLOW_REMOTE_PHI=1"):
        open_model("away", environment)
    assert open_model("away", {**environment, "CHARTPROOF_ALLOW_REMOTE_PHI": "1"}).endpoint == "https://models.example.com"
    with pytest.raises(ModelError, match="allow_remote_phi: Extra inputs"):
        open_model("away", changed(environment, "[models.away]", "[models.away]\nallow_remote_phi = true"))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("nobody", "", "", "not one of offline, openai, basement, attic, away"),
        ("attic", "mask = true", "mask = 'zebra'", "models.attic.mask"),
        ("attic", "mask = true", "zebra = true", "models.attic.zebra: Extra inputs"),
        ("attic", "mask = true", "mask = ", "not TOML"),
        ("attic", "[models.attic]", "[models.openai]", "needs no profile"),
        ("attic", '"attic", "offline"', '"nobody"', "'nobody' in fallback is not another model"),
        ("attic", '"attic", "offline"', '"basement"', "'basement' in fallback is not another model"),
        ("attic", "prompt = 2.0", "prompt = -2.0", "prices.large.prompt"),
        ("attic", "http://127", "http://zebra", "neither https nor loopback"),
    ],
)
def test_a_wrong_setting_is_one_line(environment: dict[str, str], name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        open_model(name, changed(environment, old, new) if old else environment)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_that_is_missing_and_a_file_that_is_missing_are_told(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="needs BASEMENT_KEY in the environment"):
        open_model("basement", {**environment, "BASEMENT_KEY": " "})
    with pytest.raises(ModelError, match="No such file"):
        open_model("attic", {"CHARTPROOF_CONFIG": str(tmp_path / "none.toml")})


def test_without_a_file_there_are_no_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path))
    with pytest.raises(ModelError, match=r"not one of offline, openai$"):
        open_model("attic", {})
    (tmp_path / "config.toml").write_text(CONFIG)
    assert open_model("attic", {}).name == "large"


def test_the_offline_model_reads_no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_model("offline", {"CHARTPROOF_CONFIG": "/nowhere"}).name == "offline/1"


def test_every_setting_of_a_profile_is_one_of_the_endpoint() -> None:
    from agent.models.openai.endpoint import Endpoint
    from agent.models.profiles import Profile

    shared: set[Any] = Profile.model_fields.keys() - {"api_key_env", "fallback"}
    assert shared <= Endpoint.model_fields.keys()
    assert all(Profile.model_fields[name].default == Endpoint.model_fields[name].default for name in shared)
