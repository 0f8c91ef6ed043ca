"""A chain of models: when one fails on a chart, the whole chart is begun anew with the next. No chart is split between two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.messages import Message, Reply
from agent.model import HandIn, Model
from records.chart import Chart


class Chain:
    """Models in the order they are asked. As a model it is its first one; ``links`` are for who begins anew."""

    def __init__(self, models: Sequence[Model]) -> None:
        assert models, "a chain has one model or more"
        self.models = tuple(models)

    @property
    def name(self) -> str:
        """The name of the first one."""
        return self.models[0].name

    @property
    def endpoint(self) -> str:
        """The endpoint of the first one."""
        return self.models[0].endpoint

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        """A turn of the first one."""
        return self.models[0].turn(messages, tools)

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        """A draft of the first one."""
        return self.models[0].draft(messages, chart)


def links(model: Model) -> tuple[Model, ...]:
    """The models to try on a chart, in their order."""
    return model.models if isinstance(model, Chain) else (model,)
