"""Named models: the operator's configuration file, read strictly, and the endpoints it leads to.

The file is ``CHARTPROOF_CONFIG``, else ``config.toml`` in the home folder; without one there are no profiles. It holds no key:
a profile names the environment variable that does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from agent.models.openai.endpoint import Endpoint, EndpointError, EndpointSettings
from agent.price import Price
from codebook.places import home
from records.base import Record

RESERVED = ("offline", "openai")


class ConfigError(Exception):
    """The configuration cannot be used. One line that repeats no value of it."""


class Profile(EndpointSettings):
    """One named model: how its endpoint is asked, which variable of the environment holds its key, and what it falls back to."""

    api_key_env: str = ""
    fallback: tuple[str, ...] = ()

    def endpoint(self, name: str, price: Price | None, environment: Mapping[str, str]) -> Endpoint:
        """The endpoint of this profile. Raises ConfigError when its key is missing, or a chart may not be sent there."""
        key = environment.get(self.api_key_env, "").strip() if self.api_key_env else ""
        if self.api_key_env and not key:
            raise ConfigError(f"model {name!r} needs {self.api_key_env} in the environment")
        settings = self.model_dump(exclude={"api_key_env", "fallback"})
        try:
            return Endpoint.of({**settings, "api_key": key or None, "price": price}, environment)
        except EndpointError as error:
            raise ConfigError(f"model {name!r}: {error}") from None


class Config(Record):
    """``[models.NAME]``: the profiles. ``[prices."MODEL"]``: what a model costs, by its name at the endpoint."""

    models: dict[str, Profile] = Field(default_factory=dict)
    prices: dict[str, Price] = Field(default_factory=dict)


def read_config(environment: Mapping[str, str]) -> Config:
    """The configuration. A file that is named and not there, or is not of the form, is a ConfigError."""
    named = environment.get("CHARTPROOF_CONFIG", "").strip()
    path = Path(named) if named else home() / "config.toml"
    if not named and not path.is_file():
        return Config()
    try:
        config = Config.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigError(f"{path}: not TOML in UTF-8") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(_told(item) for item in error.errors(include_input=False))}") from None
    _check(path, config)
    return config


def _check(path: Path, config: Config) -> None:
    for name in config.models:
        if name in RESERVED:
            raise ConfigError(f"{path}: {name!r} is the name of a model that needs no profile")
    for name, profile in config.models.items():
        for other in profile.fallback:
            if other == name or (other not in config.models and other not in RESERVED):
                raise ConfigError(f"{path}: models.{name}: {other!r} in fallback is not another model")


def _told(item: Any) -> str:
    return f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
