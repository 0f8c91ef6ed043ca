"""Transport: one request to the endpoint, tried again while that may help and time is left. Nobody else retries it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai
import tenacity

from agent.log import tell
from agent.model import ModelFailure
from agent.models.openai.answer import Answer, UnreadableAnswer, read_answer
from agent.models.openai.breaker import Breaker
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.fault import Fault, Kind, of_connection, of_status
from agent.models.openai.limiter import Limiter
from agent.models.openai.silence import silence
from agent.models.openai.wire import open_client

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
NO_KEY = "none"
CHARS_PER_TOKEN = 4


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
            before_sleep=_tell_retry,
            reraise=True,
        )
        failed = ""
        try:
            return retrying(self._told_attempt, request, deadline)
        except Fault as fault:
            attempts = int(retrying.statistics.get("attempt_number", 1))
            failed = fault.reason if attempts == 1 else f"{fault.reason} (asked {attempts} times)"
        # Raised out here, the failure carries no trace of the request that a log could print.
        raise ModelFailure(failed)

    def _told_attempt(self, request: Mapping[str, Any], deadline: float) -> Answer:
        began = self.clock()
        try:
            return self._attempt(request, deadline)
        except Fault as fault:
            tell("request_failed", fault=fault.kind, status=fault.status, seconds=self.clock() - began)
            raise

    def _attempt(self, request: Mapping[str, Any], deadline: float) -> Answer:
        """One request, when the breaker and the limiter let it go."""
        assert self.breaker is not None
        reserved = self._place(request, deadline)
        if not self.breaker.admits():
            self.limiter.give_back(reserved)
            raise Fault(Kind.LEFT_ALONE, "the endpoint has failed again and again and is left alone for a while")
        try:
            answer = self._send(request, deadline)
        except Fault as fault:
            if not fault.is_down:
                self.breaker.answered()
            elif self.breaker.failed():
                tell("breaker_opened")
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
            raise Fault(Kind.NO_TIME, "the rate limit of the endpoint leaves no time for this chart")
        if wait:
            tell("limiter_waited", wait=wait)
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
            fault = of_status(response.http_response)
        except openai.APIStatusError as error:
            fault = of_status(error.response)
        except openai.APITimeoutError:
            fault = Fault(Kind.TIMEOUT, "the endpoint did not answer in time")
        except openai.APIConnectionError as error:
            fault = of_connection(error)
        except UnreadableAnswer:
            fault = Fault(Kind.UNREADABLE, "the endpoint's answer could not be read")
        except (openai.OpenAIError, httpx2.HTTPError):
            fault = Fault(Kind.NOT_RECEIVED, "the endpoint's answer could not be received")
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


def _tell_retry(state: tenacity.RetryCallState) -> None:
    tell("request_retried", attempt=state.attempt_number + 1, wait=state.upcoming_sleep)
