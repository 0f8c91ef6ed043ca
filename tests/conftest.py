"""For the whole test run: no socket leads anywhere but to this machine, and a test that tried fails."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class NetworkRefused(RuntimeError):
    """A test reached for the network."""


_refused: list[str] = []


def _is_local(address: Any) -> bool:
    if isinstance(address, str | bytes):  # a unix socket
        return True
    host = str(address[0])
    try:
        return host in ("localhost", "") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded(original: Any, position: int) -> Any:
    def call(*given: Any, **options: Any) -> Any:
        address = given[position] if len(given) > position else None
        if address is not None and not _is_local(address):
            _refused.append(str(address))
            raise NetworkRefused("tests may not use the network")
        return original(*given, **options)

    return call


def _guarded_lookup(original: Any) -> Any:
    def call(host: Any, *given: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_local((name,)):
            _refused.append(str(name))
            raise NetworkRefused("tests may not use the network")
        return original(host, *given, **options)

    return call


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect, 1))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex, 1))
        patch.setattr(socket.socket, "sendto", _guarded_send(socket.socket.sendto))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, name, _guarded_lookup(getattr(socket, name)))
        yield


def _guarded_send(original: Any) -> Any:
    def call(*given: Any) -> Any:
        if not _is_local(given[-1]):  # sendto(data, address) or sendto(data, flags, address)
            _refused.append(str(given[-1]))
            raise NetworkRefused("tests may not use the network")
        return original(*given)

    return call


@pytest.fixture(autouse=True)
def refused_addresses() -> Iterator[list[str]]:
    """The addresses this test was refused. A test that expects some takes them out; one left over fails the test."""
    _refused.clear()
    yield _refused
    assert _refused == [], "this test reached for the network"
