"""The models by name. Each is imported when it is chosen: its libraries may take longer to load than a chart to code."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import Model

MODELS = ("offline", "openai")


class ModelError(Exception):
    """A model that cannot be opened: unknown, or not configured. One line."""


def open_model(name: str, environment: Mapping[str, str]) -> Model:
    """The model of that name. ModelError when there is none, or the environment does not say where it is."""
    if name == "offline":
        from agent.models.offline import OfflineModel

        return OfflineModel()
    if name == "openai":
        from agent.models.openai import EndpointError
        from agent.models.openai import open_model as open_endpoint

        try:
            return open_endpoint(environment)
        except EndpointError as error:
            raise ModelError(str(error)) from None
    raise ModelError(f"model {name!r}: not one of {', '.join(MODELS)}")
