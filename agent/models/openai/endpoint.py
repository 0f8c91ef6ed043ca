"""Where the model is asked, and whether a chart may be sent there."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator

from records.base import Record

ALLOW_REMOTE_PHI = "CHARTPROOF_ALLOW_REMOTE_PHI"


class EndpointError(Exception):
    """The endpoint is not configured, or a chart may not be sent to it. One line; it never repeats a value it was given."""


class Endpoint(Record):
    """An OpenAI-compatible endpoint a chart may be sent to: an instance that exists has passed the gate.

    ``base_url`` is https, or loopback. Anything but loopback needs ``allow_remote_phi``, the operator's word that protected
    health information may leave this machine. The times are in seconds: ``timeout`` bounds one answer, ``deadline`` all
    the answers of one chart, waiting included.
    """

    base_url: str
    model: str = Field(min_length=1)
    api_key: SecretStr | None = None
    allow_remote_phi: bool = False
    timeout: float = Field(default=120.0, gt=0)
    connect_timeout: float = Field(default=10.0, gt=0)
    deadline: float = Field(default=600.0, gt=0)
    attempts: int = Field(default=5, ge=1)
    form_attempts: int = Field(default=3, ge=1)
    answer_bytes: int = Field(default=8_000_000, ge=1)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Endpoint:
        """The endpoint of ``CHARTPROOF_BASE_URL``, ``CHARTPROOF_MODEL`` and ``CHARTPROOF_API_KEY``."""
        given = {name: environment.get(f"CHARTPROOF_{name}", "").strip() for name in ("BASE_URL", "MODEL", "API_KEY")}
        missing = [f"CHARTPROOF_{name}" for name in ("BASE_URL", "MODEL") if not given[name]]
        if missing:
            raise EndpointError(f"the model openai needs {' and '.join(missing)} in the environment")
        try:
            return cls(
                base_url=given["BASE_URL"],
                model=given["MODEL"],
                api_key=SecretStr(given["API_KEY"]) if given["API_KEY"] else None,
                allow_remote_phi=environment.get(ALLOW_REMOTE_PHI, "").strip() == "1",
            )
        except ValidationError as error:
            messages = (item["msg"].removeprefix("Value error, ") for item in error.errors(include_input=False))
            raise EndpointError("; ".join(messages)) from None

    @model_validator(mode="after")
    def _chart_may_be_sent(self) -> Endpoint:
        parts = self._parts
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the base URL is not an http or https URL with a host")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("the base URL may hold no user, password, query or fragment; the key belongs in CHARTPROOF_API_KEY")
        if not self.is_loopback and parts.scheme != "https":
            raise ValueError("the base URL is neither https nor loopback: a chart is not sent in clear over a network")
        if not self.is_loopback and not self.allow_remote_phi:
            raise ValueError(
                f"the endpoint is not on this machine: a chart is sent there only with {ALLOW_REMOTE_PHI}=1 in the environment"
            )
        key = self.api_key.get_secret_value() if self.api_key else ""
        if not key.isascii() or not (key or "x").isprintable():
            raise ValueError("the API key holds characters that no header can carry")
        return self

    @property
    def _parts(self) -> SplitResult:
        try:
            parts = urlsplit(self.base_url)
            _ = parts.port  # reading it is what checks it
        except ValueError:
            raise ValueError("the base URL cannot be read") from None
        return parts

    @property
    def is_loopback(self) -> bool:
        """True only for ``localhost`` and the loopback addresses themselves: a name that resolves to one may change."""
        host = (self._parts.hostname or "").lower()
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a result's provenance may say of the endpoint."""
        return f"{self._parts.scheme}://{self._parts.netloc.lower()}"
