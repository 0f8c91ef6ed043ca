"""Transport: one request to the endpoint, tried again while that may help and time is left. Nobody else retries it."""

from __future__ import annotations

import email.utils
import json
import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import openai
import tenacity

from agent.model import ModelFailure
from agent.models.openai.answer import Answer, UnreadableAnswer, read_answer
from agent.models.openai.breaker import Breaker
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.limiter import Limiter
from agent.models.openai.silence import silence
from agent.models.openai.wire import AnswerTooLarge, open_client

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
RETRIED_STATUS = frozenset({408, 409, 429})
NO_KEY = "none"
CHARS_PER_TOKEN = 4


class Fault(Exception):
    """One attempt failed. ``reason`` holds nothing the server said but its status.

    ``transient``: asking again may help. ``is_down``: the endpoint did not answer, or said itself that it has failed.
    """

    def __init__(self, reason: str, transient: bool, retry_after: float | None = None, is_down: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.transient, self.retry_after, self.is_down = reason, transient, retry_after, is_down


@dataclass
class Transport:
    """The way to one endpoint. It keeps no state of a chart and may be shared by threads.

    ``breaker`` is that of the endpoint where several ways lead to it; else it is this one's own.
    """

    endpoint: Endpoint
    inner: httpx2.BaseTransport | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    breaker: Breaker | None = None
    limiter: Limiter = field(init=False)
    client: openai.OpenAI = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = self.breaker or Breaker(self.endpoint.breaker_failures, self.endpoint.breaker_seconds, self.clock)
        self.limiter = Limiter(self.endpoint.requests_per_minute, self.endpoint.tokens_per_minute, self.clock)
        key = self.endpoint.api_key
        self.client = openai.OpenAI(
            base_url=self.endpoint.base_url,
            # Without a value the library would take OPENAI_API_KEY, which was meant for somebody else.
            api_key=key.get_secret_value() if key else NO_KEY,
            organization="",
            project="",
            max_retries=0,
            http_client=open_client(self.endpoint, self.inner, self.clock),
        )
        silence()

    def ask(self, request: Mapping[str, Any], deadline: float) -> Answer:
        """Send one chat completion request and read its answer. Raises ModelFailure when none comes before the deadline."""
        if self.clock() >= deadline:
            raise ModelFailure("the time for this chart was used up before the endpoint was asked")
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, Fault) and error.transient),
            wait=self._wait,
            stop=lambda state: self._stops(state, deadline),
            sleep=self.sleep,
            reraise=True,
        )
        failed = ""
        try:
            return retrying(self._attempt, request, deadline)
        except Fault as fault:
            attempts = int(retrying.statistics.get("attempt_number", 1))
            failed = fault.reason if attempts == 1 else f"{fault.reason} (asked {attempts} times)"
        # Raised out here, the failure carries no trace of the request that a log could print.
        raise ModelFailure(failed)

    def _attempt(self, request: Mapping[str, Any], deadline: float) -> Answer:
        """One request, when the breaker and the limiter let it go."""
        assert self.breaker is not None
        reserved = self._place(request, deadline)
        if not self.breaker.admits():
            self.limiter.give_back(reserved)
            raise Fault("the endpoint has failed again and again and is left alone for a while", transient=False)
        try:
            answer = self._send(request, deadline)
        except Fault as fault:
            if fault.is_down:
                self.breaker.failed()
            else:
                self.breaker.answered()
            raise
        except BaseException:
            self.breaker.abandoned()
            raise
        self.breaker.answered()
        used = answer.tokens.prompt + answer.tokens.completion
        self.limiter.settle(reserved, used or reserved)
        return answer

    def _place(self, request: Mapping[str, Any], deadline: float) -> int:
        """Wait for a place under the rate limits; the tokens that were reserved for the request."""
        tokens = len(json.dumps(request, default=str)) // CHARS_PER_TOKEN if self.limiter.counts_tokens else 0
        wait = self.limiter.reserve(tokens)
        if wait and self.clock() + wait >= deadline:
            self.limiter.give_back(tokens)
            raise Fault("the rate limit of the endpoint leaves no time for this chart", transient=False)
        if wait:
            self.sleep(wait)
        return tokens

    def _send(self, request: Mapping[str, Any], deadline: float) -> Answer:
        left = max(min(self.endpoint.timeout, deadline - self.clock()), 0.001)
        timeout = httpx2.Timeout(left, connect=min(left, self.endpoint.connect_timeout))
        try:
            response = self.client.chat.completions.with_raw_response.create(
                model=self.endpoint.model, timeout=timeout, **self.endpoint.options, **request
            )
            if response.http_response.is_success:
                return read_answer(response.http_response.content)
            fault = _of_status(response.http_response)
        except openai.APIStatusError as error:
            fault = _of_status(error.response)
        except openai.APITimeoutError:
            fault = Fault("the endpoint did not answer in time", transient=True, is_down=True)
        except openai.APIConnectionError as error:
            fault = _of_connection(error)
        except UnreadableAnswer:
            fault = Fault("the endpoint's answer could not be read", transient=True)
        except (openai.OpenAIError, httpx2.HTTPError):
            fault = Fault("the endpoint's answer could not be received", transient=True, is_down=True)
        raise fault

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Exponential, jittered down to a half, and never sooner than the server asked for."""
        backoff = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (state.attempt_number - 1)) * (1 + self.jitter()) / 2
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Fault) else None
        return max(backoff, asked or 0.0)

    def _stops(self, state: tenacity.RetryCallState, deadline: float) -> bool:
        return state.attempt_number >= self.endpoint.attempts or self.clock() + state.upcoming_sleep >= deadline

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def _of_connection(error: openai.APIConnectionError) -> Fault:
    if isinstance(error.__cause__, AnswerTooLarge):
        return Fault("the endpoint's answer is too large", transient=False)
    return Fault("the endpoint cannot be reached", transient=True, is_down=True)


def _of_status(response: httpx2.Response) -> Fault:
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
    transient = status in RETRIED_STATUS or status >= 500
    asked = retry_after(response.headers) if transient else None
    return Fault(f"{reason} (HTTP {status})", transient, asked, is_down=status >= 500)


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
