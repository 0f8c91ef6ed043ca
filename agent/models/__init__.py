"""The models by name. Each is imported when it is chosen: its libraries may take longer to load than a chart to code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agent.model import Model

if TYPE_CHECKING:
    from agent.models.openai.breaker import Breaker
    from agent.models.openai.endpoint import Endpoint

MODELS = ("offline", "openai")


class ModelError(Exception):
    """A model that cannot be opened: unknown, or not configured. One line."""


def open_model(name: str, environment: Mapping[str, str]) -> Model:
    """The model of that name: ``offline``, ``openai`` for the endpoint in the environment, or a profile of the configuration
    with those it falls back to. ModelError when there is none, or it is not configured."""
    if name == "offline":
        return _offline()
    from agent.models.profiles import ConfigError, read_config

    try:
        config = read_config(environment)
        if name != "openai" and name not in config.models:
            raise ModelError(f"model {name!r}: not one of {', '.join((*MODELS, *config.models))}")
        chain = (name, *(config.models[name].fallback if name in config.models else ()))
        return _chain([None if one == "offline" else endpoint_of(one, environment) for one in chain])
    except ConfigError as error:
        raise ModelError(str(error)) from None


def endpoint_of(name: str, environment: Mapping[str, str]) -> Endpoint:
    """The endpoint of ``openai`` or of a profile. ModelError when it is not configured or may not be sent a chart."""
    from agent.models.openai.endpoint import Endpoint, EndpointError
    from agent.models.profiles import ConfigError, read_config

    try:
        config = read_config(environment)
        if name in config.models:
            profile = config.models[name]
            return profile.endpoint(name, config.prices.get(profile.model), environment)
        price = config.prices.get(environment.get("CHARTPROOF_MODEL", "").strip())
        return Endpoint.from_environment(environment, price=price)
    except (ConfigError, EndpointError) as error:
        raise ModelError(str(error)) from None


def _offline() -> Model:
    from agent.models.offline import OfflineModel

    return OfflineModel()


def _chain(endpoints: list[Endpoint | None]) -> Model:
    """The models of these endpoints, None for the offline one; those of one origin share a circuit breaker."""
    from agent.chain import Chain
    from agent.models.openai.breaker import Breaker
    from agent.models.openai.model import OpenAIModel

    breakers: dict[str, Breaker] = {}
    models: list[Model] = []
    for endpoint in endpoints:
        if endpoint is None:
            models.append(_offline())
            continue
        shared = breakers.setdefault(endpoint.origin, Breaker(endpoint.breaker_failures, endpoint.breaker_seconds))
        models.append(OpenAIModel(endpoint, breaker=shared))
    return models[0] if len(models) == 1 else Chain(models)
