"""The circuit breaker: an endpoint that fails again and again is left alone for a while, by all charts that share it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Breaker:
    """Opens after so many failures in a row; after so many seconds one request is let through to try, and decides.

    Only what says that the endpoint is down counts as a failure: one that answers, whatever it answers, is up.
    """

    failures: int = 10
    seconds: float = 30.0
    clock: Callable[[], float] = time.monotonic
    _in_a_row: int = 0
    _opened: float | None = None
    _trying: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def admits(self) -> bool:
        """Whether a request may be sent now. The one let through while open must be reported by one of the three below."""
        with self._lock:
            if self._opened is None:
                return True
            if self._trying or self.clock() < self._opened + self.seconds:
                return False
            self._trying = True
            return True

    def answered(self) -> None:
        """The endpoint is up."""
        with self._lock:
            self._in_a_row, self._opened, self._trying = 0, None, False

    def failed(self) -> bool:
        """The endpoint did not answer, or said that it has failed; whether that has opened the breaker."""
        with self._lock:
            self._in_a_row += 1
            was_open = self._opened is not None and not self._trying
            if self._trying or self._in_a_row >= self.failures:
                self._opened = self.clock()
            self._trying = False
            return self._opened is not None and not was_open

    def abandoned(self) -> None:
        """The request ended without saying anything of the endpoint: somebody else may try."""
        with self._lock:
            self._trying = False
