"""The gate: nothing is sent to a place the operator has not allowed, and no message repeats what it was given."""

import subprocess
import sys

import pytest

from agent.models.openai import Endpoint, EndpointError, open_model

LOCAL = {"CHARTPROOF_BASE_URL": "http://127.0.0.1:8000/v1", "CHARTPROOF_MODEL": "m"}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v1",
        "http://localhost:11434/v1",
        "http://[::1]:8080/v1",
        "https://127.0.0.2/v1",
        "HTTP://LOCALHOST/v1",
    ],
)
def test_loopback_needs_no_word_of_the_operator(url: str) -> None:
    assert Endpoint.from_environment({**LOCAL, "CHARTPROOF_BASE_URL": url}).is_loopback


REMOTE = [
    "https://api.example.com/v1",
    "https://10.0.0.5/v1",
    "https://192.168.1.9:8443/v1",
    "https://localhost.example.com/v1",
    "https://127.0.0.1.example.com/v1",
    "https://0.0.0.0/v1",
    "https://2130706433/v1",
    "https://127.1/v1",
    "https://[::ffff:8.8.8.8]/v1",
    "https://localhost./v1",
]


@pytest.mark.parametrize("url", REMOTE)
def test_any_other_place_needs_it(url: str) -> None:
    environment = {**LOCAL, "CHARTPROOF_BASE_URL": url}
    for word in ({}, {"CHARTPROOF_ALLOW_REMOTE_PHI": "0"}, {"CHARTPROOF_ALLOW_REMOTE_PHI": "true"}):
        with pytest.raises(EndpointError, match="CHARTPROOF_ALLOW_REMOTE_PHI=1"):
            open_model({**environment, **word})
    assert not Endpoint.from_environment({**environment, "CHARTPROOF_ALLOW_REMOTE_PHI": "1"}).is_loopback


@pytest.mark.parametrize("url", ["http://api.example.com/v1", "http://10.0.0.5:8000/v1", "http://localhost.example.com/v1"])
def test_no_chart_goes_over_a_network_in_clear_whatever_the_operator_says(url: str) -> None:
    with pytest.raises(EndpointError, match="neither https nor loopback"):
        Endpoint.from_environment({**LOCAL, "CHARTPROOF_BASE_URL": url, "CHARTPROOF_ALLOW_REMOTE_PHI": "1"})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"CHARTPROOF_BASE_URL": ""}, "CHARTPROOF_BASE_URL"),
        ({"CHARTPROOF_MODEL": " "}, "CHARTPROOF_MODEL"),
        ({"CHARTPROOF_BASE_URL": "zebra"}, "not an http or https URL"),
        ({"CHARTPROOF_BASE_URL": "ftp://127.0.0.1/zebra"}, "not an http or https URL"),
        ({"CHARTPROOF_BASE_URL": "http://127.0.0.1:zebra/"}, "cannot be read"),
        ({"CHARTPROOF_BASE_URL": "http://[zebra/"}, "cannot be read"),
        ({"CHARTPROOF_BASE_URL": "http://me:zebra@127.0.0.1/v1"}, "no user, password"),
        ({"CHARTPROOF_BASE_URL": "http://127.0.0.1/v1?key=zebra"}, "query"),
        ({"CHARTPROOF_API_KEY": "zebra\nX-Other: 1"}, "no header can carry"),
    ],
)
def test_a_wrong_setting_is_one_line_that_does_not_repeat_it(changed: dict[str, str], said: str) -> None:
    with pytest.raises(EndpointError) as caught:
        open_model({**LOCAL, **changed})
    message = str(caught.value)
    assert said in message
    assert "\n" not in message
    assert "zebra" not in message


def test_the_key_is_in_no_representation_and_the_origin_holds_no_path() -> None:
    endpoint = Endpoint.from_environment({**LOCAL, "CHARTPROOF_API_KEY": "sk-zebra"})
    assert "zebra" not in repr(endpoint) + endpoint.model_dump_json()
    assert endpoint.origin == "http://127.0.0.1:8000"


def test_naming_the_model_loads_no_client_library() -> None:
    """openai takes over a second to import; the other commands do not pay for it."""
    program = (
        "import sys, agent.models.openai\n"
        "assert not {'openai', 'instructor', 'httpx2', 'tenacity'} & set(sys.modules), 'loaded'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
