"""Where the model is asked, and whether a chart may be sent there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, SecretStr, ValidationError, model_validator

from agent.price import Price
from records import gate
from records.base import Record

_BASE_URL = "the base URL"


class EndpointError(Exception):
    """The endpoint is not configured, or a chart may not be sent to it. One line; it never repeats a value it was given."""


class EndpointSettings(Record):
    """Which endpoint, which model there, and how it is asked.

    The times are in seconds: ``timeout`` bounds one answer, ``deadline`` all the answers of one chart, waiting included. After
    ``breaker_failures`` failures in a row the endpoint is left alone for ``breaker_seconds``. ``temperature``, ``max_tokens`` and
    ``parallel_tool_calls`` are sent only where they are set: not every server knows them. ``mask`` says that identifiers are
    replaced before a chart is sent.
    """

    base_url: str
    model: str = Field(min_length=1)
    timeout: float = Field(default=120.0, gt=0)
    connect_timeout: float = Field(default=10.0, gt=0)
    deadline: float = Field(default=600.0, gt=0)
    attempts: int = Field(default=5, ge=1)
    form_attempts: int = Field(default=3, ge=1)
    breaker_failures: int = Field(default=10, ge=1)
    breaker_seconds: float = Field(default=30.0, gt=0)
    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1)
    parallel_tool_calls: bool | None = None
    mask: bool = False


class Endpoint(EndpointSettings):
    """An OpenAI-compatible endpoint a chart may be sent to: an instance that exists has passed the gate.

    ``base_url`` is https, or loopback. Anything but loopback needs ``allow_remote_phi``, the operator's word that protected
    health information may leave this machine. ``answer_bytes`` bounds the size of an answer. ``price`` is what its tokens cost.
    """

    api_key: SecretStr | None = None
    allow_remote_phi: bool = False
    answer_bytes: int = Field(default=8_000_000, ge=1)
    price: Price | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **settings: Any) -> Endpoint:
        """The endpoint of ``CHARTPROOF_BASE_URL``, ``CHARTPROOF_MODEL`` and ``CHARTPROOF_API_KEY``, with other settings."""
        given = {name: environment.get(f"CHARTPROOF_{name}", "").strip() for name in ("BASE_URL", "MODEL", "API_KEY")}
        missing = [f"CHARTPROOF_{name}" for name in ("BASE_URL", "MODEL") if not given[name]]
        if missing:
            raise EndpointError(f"the model openai needs {' and '.join(missing)} in the environment")
        named = {
            "base_url": given["BASE_URL"],
            "model": given["MODEL"],
            "api_key": given["API_KEY"] or None,
            "mask": environment.get("CHARTPROOF_MASK", "").strip() == "1",
        }
        return cls.of({**settings, **named}, environment)

    @classmethod
    def of(cls, settings: Mapping[str, Any], environment: Mapping[str, str]) -> Endpoint:
        """The endpoint of these settings. That a chart may leave this machine is said in the environment and nowhere else."""
        allowed = gate.remote_allowed(environment)
        try:
            return cls.model_validate({**settings, "allow_remote_phi": allowed})
        except ValidationError as error:
            raise EndpointError("; ".join(_told(item) for item in error.errors(include_input=False))) from None

    @model_validator(mode="after")
    def _chart_may_be_sent(self) -> Endpoint:
        gate.admitted(self.base_url, self.allow_remote_phi, _BASE_URL)
        gate.check_key(self.api_key.get_secret_value() if self.api_key else "", "the API key")
        return self

    @property
    def options(self) -> dict[str, Any]:
        """What is sent with every request, where the operator set it."""
        named = {
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "parallel_tool_calls": self.parallel_tool_calls,
        }
        return {name: value for name, value in named.items() if value is not None}

    @property
    def is_loopback(self) -> bool:
        """Whether the endpoint is on this machine, as it is written."""
        return gate.address(self.base_url, _BASE_URL).is_loopback

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a result's provenance may say of the endpoint."""
        return gate.address(self.base_url, _BASE_URL).origin


def _told(item: Any) -> str:
    """A form error in words, with the field's name where the message does not say it."""
    if item["type"] == "value_error":
        return str(item["msg"]).removeprefix("Value error, ")
    field = ".".join(str(part) for part in item["loc"])
    return f"{field}: {item['msg']}" if field else str(item["msg"])
