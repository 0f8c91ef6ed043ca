"""The rate limiter: so many requests and so many tokens a minute, over all charts that share an endpoint."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MINUTE = 60.0


@dataclass
class _Bucket:
    """What may still be used now; below nothing when somebody waits already. None a minute means no limit."""

    per_minute: float | None
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.per_minute or 0.0

    def take(self, amount: float, now: float) -> float:
        """Take so much; the seconds until it is there."""
        if self.per_minute is None:
            return 0.0
        gained = (now - self.at) * self.per_minute / MINUTE
        self.level, self.at = min(self.per_minute, self.level + gained) - amount, now
        return max(0.0, -self.level * MINUTE / self.per_minute)

    def give(self, amount: float) -> None:
        if self.per_minute is not None:
            self.level = min(self.per_minute, self.level + amount)


@dataclass
class Limiter:
    """Places are given in the order they are asked for, so that nobody is passed over for ever."""

    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._requests, self._tokens = _Bucket(self.requests_per_minute), _Bucket(self.tokens_per_minute)
        self._requests.at = self._tokens.at = self.clock()

    @property
    def counts_tokens(self) -> bool:
        """Whether it needs to know how large a request is."""
        return self.tokens_per_minute is not None

    def reserve(self, tokens: int) -> float:
        """Take a place for a request of about so many tokens; the seconds to wait before it is sent."""
        with self._lock:
            now = self.clock()
            return max(self._requests.take(1, now), self._tokens.take(tokens, now))

    def settle(self, reserved: int, used: int) -> None:
        """Correct a reservation by what the endpoint counted."""
        with self._lock:
            self._tokens.give(reserved - used)

    def give_back(self, tokens: int) -> None:
        """Give up a place that is not used after all."""
        with self._lock:
            self._requests.give(1)
            self._tokens.give(tokens)
