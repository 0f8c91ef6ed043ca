"""The wire: one HTTP client per endpoint that cannot be led elsewhere, and that an endless answer cannot hold up."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator

import httpx2

from agent.models.openai.endpoint import Endpoint

Clock = Callable[[], float]


class AnswerTooLarge(httpx2.TransportError):
    """The answer is larger than any answer of use can be."""


class Wire(httpx2.BaseTransport):
    """A transport for one endpoint alone, over ``inner`` or the network.

    It refuses any other origin before a byte is sent. An answer must be complete within the request's read timeout (the
    client library only bounds the silence between two bytes) and below the endpoint's size limit.
    """

    def __init__(self, endpoint: Endpoint, inner: httpx2.BaseTransport | None = None, clock: Clock = time.monotonic) -> None:
        self.endpoint = endpoint
        self.inner = inner or httpx2.HTTPTransport(proxy=proxy_for(endpoint), trust_env=not endpoint.is_loopback)
        self.clock = clock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and bound its answer."""
        if f"{request.url.scheme}://{request.url.netloc.decode('ascii')}" != httpx_origin(self.endpoint):
            raise httpx2.UnsupportedProtocol("the request is not for the configured endpoint", request=request)
        limit = request.extensions.get("timeout", {}).get("read") or self.endpoint.timeout
        ends = self.clock() + limit
        response = self.inner.handle_request(request)
        assert isinstance(response.stream, httpx2.SyncByteStream)
        bounded = _Bounded(response.stream, self.endpoint.answer_bytes, ends, self.clock, request)
        return httpx2.Response(response.status_code, headers=response.headers, stream=bounded, extensions=response.extensions)

    def close(self) -> None:
        """Close the connections."""
        self.inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, size: int, ends: float, clock: Clock, request: httpx2.Request) -> None:
        self.stream, self.size, self.ends, self.clock, self.request = stream, size, ends, clock, request

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for piece in self.stream:
            received += len(piece)
            if received > self.size:
                raise AnswerTooLarge("the answer is too large", request=self.request)
            if self.clock() > self.ends:
                raise httpx2.ReadTimeout("the answer was not complete in time", request=self.request)
            yield piece

    def close(self) -> None:
        self.stream.close()


def open_client(endpoint: Endpoint, inner: httpx2.BaseTransport | None = None, clock: Clock = time.monotonic) -> httpx2.Client:
    """An HTTP client for the endpoint. It follows no redirect: another host would receive the chart."""
    return httpx2.Client(transport=Wire(endpoint, inner, clock), follow_redirects=False, trust_env=False)


def httpx_origin(endpoint: Endpoint) -> str:
    """The endpoint's origin as the client library spells it (a default port is left out)."""
    url = httpx2.URL(endpoint.base_url)
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def proxy_for(endpoint: Endpoint) -> str | None:
    """The operator's proxy, for a remote endpoint only: it sees a tunnel there, and would see the chart here."""
    host = httpx2.URL(endpoint.base_url).host
    if endpoint.is_loopback or urllib.request.proxy_bypass(host):
        return None
    return urllib.request.getproxies().get("https")
