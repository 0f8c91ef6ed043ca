"""The model as the loop sees it: an endpoint that is opened for one chart at a time, with that chart's deadline."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from agent.messages import Message, Reply
from agent.model import HandIn
from agent.models.openai.breaker import Breaker
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.form import fill_draft
from agent.models.openai.transport import Transport
from agent.models.openai.turn import take_turn
from agent.price import Price
from records.chart import Chart


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint. One instance serves many charts, also at once.

    ``inner`` takes the place of the network; ``clock``, ``sleep`` and ``jitter`` that of time and chance. ``breaker`` is shared
    with the other models of the same endpoint.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        inner: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        breaker: Breaker | None = None,
    ) -> None:
        self._transport = Transport(endpoint, inner, clock, sleep, jitter, breaker)

    @property
    def name(self) -> str:
        """The model as the endpoint knows it."""
        return self._transport.endpoint.model

    @property
    def endpoint(self) -> str:
        """The endpoint's origin."""
        return self._transport.endpoint.origin

    @property
    def price(self) -> Price | None:
        """What the endpoint's tokens cost, where the operator says so."""
        return self._transport.endpoint.price

    @property
    def deadline(self) -> float:
        """Seconds for a whole chart."""
        return self._transport.endpoint.deadline

    @property
    def masks(self) -> bool:
        """Whether identifiers are replaced before a chart is sent."""
        return self._transport.endpoint.mask

    def begin(self, chart: Chart) -> OneChart:
        """The model for one chart; its deadline starts now."""
        return OneChart(self._transport, self._transport.clock() + self._transport.endpoint.deadline)

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        """One turn outside any chart, under a deadline of its own."""
        return take_turn(self._transport, messages, tools, self._transport.clock() + self._transport.endpoint.deadline)

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        """One draft under a deadline of its own."""
        return self.begin(chart).draft(messages, chart)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


@dataclass(frozen=True)
class OneChart:
    """The model while it codes one chart."""

    transport: Transport
    deadline: float

    @property
    def name(self) -> str:
        """The model as the endpoint knows it."""
        return self.transport.endpoint.model

    @property
    def endpoint(self) -> str:
        """The endpoint's origin."""
        return self.transport.endpoint.origin

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        """Take one turn. Raises ModelFailure when no usable reply came."""
        return take_turn(self.transport, messages, tools, self.deadline)

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        """Hand in the draft. Raises ModelFailure when none came."""
        return fill_draft(self.transport, messages, chart, self.deadline)
