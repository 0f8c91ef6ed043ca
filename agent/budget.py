"""How much one chart may cost before it goes to a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.model import Model, Timed
from records.base import Record


class Limits(Record):
    """The caps of one run. Hitting one ends the conversation; what was handed in by then goes to a person."""

    turns: int = 40
    tool_calls: int = 400
    seconds: float = 300.0
    answer_chars: int = 60_000
    argument_chars: int = 20_000
    repeats: int = 3


def limits_of(model: Model) -> Limits:
    """The limits of a run with this model: the product's, for as long as its operator gives a chart."""
    return Limits(seconds=model.deadline) if isinstance(model, Timed) else Limits()


@dataclass
class Budget:
    """What a run has used of its limits. ``exceeded`` says which one was hit, or is empty."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    turns: int = 0
    tool_calls: int = 0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return self.clock() - self.started

    @property
    def exceeded(self) -> str:
        """The limit that forbids another turn, as a coder reads it; empty while there is none."""
        if self.turns >= self.limits.turns:
            return f"{self.limits.turns} turns"
        return self.calls_exceeded

    @property
    def calls_exceeded(self) -> str:
        """The limit that forbids another tool call: the calls of the last turn are still made."""
        if self.tool_calls >= self.limits.tool_calls:
            return f"{self.limits.tool_calls} tool calls"
        if self.seconds >= self.limits.seconds:
            return f"{self.limits.seconds:g} seconds"
        return ""
