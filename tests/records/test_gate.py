"""The gate: one answer for every address, and no message that repeats one."""

import pytest

from records import gate


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v1", "https://LOCALHOST", "http://[::1]:1/", "http://127.0.0.2"])
def test_this_machine_is_admitted_without_a_word(url: str) -> None:
    assert gate.admitted(url, False, "X").is_loopback


@pytest.mark.parametrize(
    "url", ["https://a.example/v1", "https://127.0.0.1.example.com", "https://10.0.0.5", "https://localhost."]
)
def test_another_machine_needs_the_word_of_the_operator(url: str) -> None:
    with pytest.raises(gate.GateError, match="CHARTPROOF_ALLOW_REMOTE_PHI=1"):
        gate.admitted(url, False, "X")
    assert not gate.admitted(url, True, "X").is_loopback


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://zebra.example", "neither https nor loopback"),
        ("ftp://127.0.0.1/zebra", "not an http or https URL"),
        ("zebra", "not an http or https URL"),
        ("http://127.0.0.1:zebra", "cannot be read"),
        ("http://me:zebra@127.0.0.1", "no user, password"),
        ("http://127.0.0.1/?key=zebra", "query"),
    ],
)
def test_a_refusal_names_the_setting_and_not_its_value(url: str, said: str) -> None:
    with pytest.raises(gate.GateError) as caught:
        gate.admitted(url, True, "THE_SETTING")
    assert said in str(caught.value)
    assert str(caught.value).startswith("THE_SETTING ")
    assert "zebra" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_the_word_itself_lets_anything_leave() -> None:
    assert gate.remote_allowed({"CHARTPROOF_ALLOW_REMOTE_PHI": "1"})
    for word in ("", "0", "true", "yes"):
        assert not gate.remote_allowed({"CHARTPROOF_ALLOW_REMOTE_PHI": word})


def test_an_address_in_its_parts() -> None:
    found = gate.address("HTTPS://A.example/V1/", "X")
    assert (found.scheme, found.host, found.port, found.path, found.origin) == (
        "https",
        "a.example",
        443,
        "/V1",
        "https://a.example",
    )


@pytest.mark.parametrize("key", ["a\nX-Other: 1", "clé"])
def test_a_key_stays_in_its_header(key: str) -> None:
    with pytest.raises(gate.GateError, match="no header can carry"):
        gate.check_key(key, "KEY")
