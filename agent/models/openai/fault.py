"""What can go wrong with one request: its kind, whether asking again may help, and whether the endpoint is down."""

from __future__ import annotations

import email.utils
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import httpx2
import openai

from agent.models.openai.wire import AnswerTooLarge

RETRIED_STATUS = frozenset({408, 409, 429})


class Kind(StrEnum):
    """The kinds of fault. ``STATUS`` is an answer with a status that is no success."""

    STATUS = "status"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NOT_SENT = "not_sent"
    NOT_RECEIVED = "not_received"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    LEFT_ALONE = "left_alone"
    NO_TIME = "no_time"


DOWN = frozenset({Kind.TIMEOUT, Kind.UNREACHABLE, Kind.NOT_RECEIVED})


class Fault(Exception):
    """One attempt failed. ``reason`` holds nothing the server said but its status; ``retry_after`` is in seconds."""

    def __init__(self, kind: Kind, reason: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.status, self.retry_after = kind, reason, status, retry_after

    @property
    def is_down(self) -> bool:
        """Whether the endpoint did not answer, or said itself that it has failed."""
        return self.kind in DOWN or (self.status or 0) >= 500

    @property
    def transient(self) -> bool:
        """Whether asking again may help."""
        return self.is_down or self.kind is Kind.UNREADABLE or self.status in RETRIED_STATUS


def of_connection(error: openai.APIConnectionError) -> Fault:
    """The fault of a connection that failed."""
    if isinstance(error.__cause__, AnswerTooLarge):
        return Fault(Kind.TOO_LARGE, "the endpoint's answer is too large")
    if not isinstance(error.__cause__, httpx2.RequestError | None):
        # Whatever stands before the network kept the request: a replay that has no such exchange.
        return Fault(Kind.NOT_SENT, "the request was not sent")
    return Fault(Kind.UNREACHABLE, "the endpoint cannot be reached")


def of_status(response: httpx2.Response) -> Fault:
    """The fault of an answer that is no success."""
    status = response.status_code
    if status == 429:
        reason = "the endpoint is limiting its rate"
    elif status in RETRIED_STATUS or status >= 500:
        reason = "the endpoint failed"
    elif status in (401, 403):
        reason = "the endpoint refuses the key"
    elif status == 404:
        reason = "the endpoint has no such address or model"
    elif status < 400:
        reason = "the endpoint redirects elsewhere, which is not followed"
    else:
        reason = "the endpoint refuses the request"
    fault = Fault(Kind.STATUS, f"{reason} (HTTP {status})", status)
    fault.retry_after = retry_after(response.headers) if fault.transient else None
    return fault


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds the server asks to wait, from ``Retry-After`` (seconds or a date) or ``retry-after-ms``."""
    milliseconds, given = headers.get("retry-after-ms", ""), headers.get("retry-after", "").strip()
    for text, unit in ((milliseconds, 1000.0), (given, 1.0)):
        try:
            seconds = float(text) / unit
        except ValueError:
            continue
        return max(seconds, 0.0) if math.isfinite(seconds) else None
    try:
        when = email.utils.parsedate_to_datetime(given)
    except ValueError:
        return None
    return max((when.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0)
