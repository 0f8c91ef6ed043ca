"""What the loop expects of a model, and how a model says that it could not."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, runtime_checkable

from agent.messages import Message, Reply
from records.chart import Chart
from records.code import Draft
from records.result import Tokens


class ModelFailure(Exception):
    """No usable answer came, and asking again would not help. The chart goes to a person with ``reason``.

    ``reason`` is one line for a coder; it never holds chart text nor anything the model wrote. ``tokens`` is what the
    failed answers cost.
    """

    def __init__(self, reason: str, tokens: Tokens | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tokens = tokens or Tokens()


class HandIn(NamedTuple):
    """What a model handed in. ``malformed`` has one reason for each entry that was not of the form, and no chart text."""

    draft: Draft
    tokens: Tokens
    malformed: tuple[str, ...] = ()


@runtime_checkable
class Model(Protocol):
    """Whatever answers the chat-completions protocol with tool calls."""

    @property
    def name(self) -> str:
        """The model as the result's provenance names it."""

    @property
    def endpoint(self) -> str:
        """Where it is asked: an origin without credentials, or empty for a model inside this process."""

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        """Take one turn. Raises ModelFailure when no usable reply came."""

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        """Hand in the codes as a typed draft. Raises ModelFailure when none came."""


@runtime_checkable
class PerChart(Protocol):
    """A model that is opened for each chart: its deadline, its masks and its endpoint belong to that chart alone."""

    def begin(self, chart: Chart) -> Model:
        """The model for this one chart."""


@runtime_checkable
class Masking(Protocol):
    """A model that may be on another machine, and that the operator wants to see no identifiers."""

    @property
    def masks(self) -> bool:
        """Whether a chart is masked before this model sees any of it."""


@runtime_checkable
class Timed(Protocol):
    """A model whose operator says how long a chart may take with it."""

    @property
    def deadline(self) -> float:
        """Seconds for a whole chart, all waiting included."""


def begin(model: Model, chart: Chart) -> Model:
    """The model to use for one chart: what it opens for the chart, or the model itself when it keeps nothing."""
    return model.begin(chart) if isinstance(model, PerChart) else model
