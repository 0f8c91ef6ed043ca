"""The fixture of conftest.py at work. Take it away and these fail."""

import socket
from collections.abc import Callable

import pytest

ELSEWHERE = ("192.0.2.1", 9)  # TEST-NET-1: leads nowhere even where the network is open


def _connect() -> None:
    with socket.socket() as one:
        one.settimeout(0.2)
        one.connect(ELSEWHERE)


def _connect_quietly() -> None:
    with socket.socket() as one:
        one.settimeout(0.2)
        one.connect_ex(ELSEWHERE)


def _send() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ELSEWHERE)


def _look_up() -> None:
    socket.getaddrinfo("chartproof.invalid", 443)


@pytest.mark.parametrize("reach", [_connect, _connect_quietly, _send, _look_up])
def test_no_socket_leads_elsewhere(reach: Callable[[], None], refused_addresses: list[str]) -> None:
    with pytest.raises(RuntimeError, match="tests may not use the network"):
        reach()
    assert len(refused_addresses) == 1
    refused_addresses.clear()


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
