"""The model behind any OpenAI-compatible server. Importing this costs nothing; the client libraries load on opening."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import Model
from agent.models.openai.endpoint import Endpoint, EndpointError


def open_model(environment: Mapping[str, str]) -> Model:
    """The model the environment names. Raises EndpointError when it is not configured or a chart may not be sent there."""
    endpoint = Endpoint.from_environment(environment)
    from agent.models.openai.model import OpenAIModel

    return OpenAIModel(endpoint)


__all__ = ["Endpoint", "EndpointError", "open_model"]
