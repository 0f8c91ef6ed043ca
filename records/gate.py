"""The gate: what was said of a patient goes to this machine, or over https to where the operator allows it, or nowhere.

Every address that receives a chart, a part of one or what is made of one passes here: models, embedders, vector stores.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from records.base import Record

ALLOW_REMOTE_PHI = "CHARTPROOF_ALLOW_REMOTE_PHI"


class GateError(ValueError):
    """Nothing may be sent to an address. One line that never repeats it."""


class Address(Record):
    """An address in its parts, lower case where case means nothing. ``path`` ends in no slash."""

    scheme: str
    host: str
    port: int
    path: str
    origin: str

    @property
    def is_loopback(self) -> bool:
        """True only for ``localhost`` and the loopback addresses themselves: a name that resolves to one may change."""
        return is_loopback(self.host)


def remote_allowed(environment: Mapping[str, str]) -> bool:
    """Whether the operator has said that protected health information may leave this machine."""
    return environment.get(ALLOW_REMOTE_PHI, "").strip() == "1"


def is_loopback(host: str) -> bool:
    """Whether a host as it is written is this machine, without asking what a name resolves to."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(url: str, what: str) -> Address:
    """The parts of an http or https URL. GateError, which calls it ``what``, for anything else, and for one with secrets."""
    parts, port = _split(url, what)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise GateError(f"{what} is not an http or https URL with a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise GateError(f"{what} may hold no user, password, query or fragment; a key belongs in a variable of its own")
    return Address(
        scheme=parts.scheme,
        host=parts.hostname.lower(),
        port=port if port is not None else {"http": 80, "https": 443}[parts.scheme],
        path=parts.path.rstrip("/"),
        origin=f"{parts.scheme}://{parts.netloc.lower()}",
    )


def admitted(url: str, allow_remote_phi: bool, what: str) -> Address:
    """The address when something of a chart may be sent there; else GateError."""
    found = address(url, what)
    if not found.is_loopback and found.scheme != "https":
        raise GateError(f"{what} is neither https nor loopback: nothing of a chart is sent in clear over a network")
    if not found.is_loopback and not allow_remote_phi:
        raise GateError(
            f"{what} is not on this machine: what a chart says is sent there only with {ALLOW_REMOTE_PHI}=1 in the environment"
        )
    return found


def check_key(key: str, what: str) -> None:
    """GateError for a key that would break out of its header."""
    if not key.isascii() or not (key or "x").isprintable():
        raise GateError(f"{what} holds characters that no header can carry")


def _split(url: str, what: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise GateError(f"{what} cannot be read") from None
