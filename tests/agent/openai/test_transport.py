"""Retries with backoff while they may help and time is left; then a failure with a reason and nothing else."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from agent.model import ModelFailure
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.fault import retry_after
from agent.models.openai.transport import Transport
from agent.models.openai.wire import proxy_for
from tests.agent.scripted import Clock, Scripted, ScriptedServer, completion

MARKER = "zebrawort"
REQUEST = {"messages": [{"role": "user", "content": MARKER}]}
GOOD = completion("fine")


def endpoint(**changed: object) -> Endpoint:
    return Endpoint.model_validate({"base_url": "http://127.0.0.1:9/v1", "model": "m", **changed})


def ask(*answers: Scripted, deadline: float = 600.0, **changed: object) -> tuple[str, ScriptedServer, Clock]:
    """What came of asking: the answer's words or the failure's reason."""
    server, clock = ScriptedServer(*answers), Clock()
    transport = Transport(endpoint(**changed), server, clock, clock.sleep, jitter=lambda: 1.0)
    try:
        return str(transport.ask(REQUEST, deadline).content), server, clock
    except ModelFailure as failure:
        # A failure that drags the request along can be printed with it.
        drags = failure.__cause__ or failure.__context__
        return f"{failure.reason}{' from ' + repr(drags) if drags else ''}", server, clock


def status(code: int, **headers: str) -> httpx2.Response:
    return httpx2.Response(code, headers=headers, json={"error": {"message": f"{MARKER} is bad"}})


TRANSIENT: list[tuple[Scripted, str]] = [
    (httpx2.ConnectError(MARKER), "the endpoint cannot be reached"),
    (httpx2.RemoteProtocolError(MARKER), "the endpoint cannot be reached"),
    (httpx2.ReadError(MARKER), "the endpoint cannot be reached"),
    (httpx2.ReadTimeout(MARKER), "the endpoint did not answer in time"),
    (httpx2.ConnectTimeout(MARKER), "the endpoint did not answer in time"),
    (status(408), "the endpoint failed (HTTP 408)"),
    (status(409), "the endpoint failed (HTTP 409)"),
    (status(429), "the endpoint is limiting its rate (HTTP 429)"),
    (status(500), "the endpoint failed (HTTP 500)"),
    (status(503), "the endpoint failed (HTTP 503)"),
    (b"", "the endpoint's answer could not be read"),
    (b"<html>zebrawort</html>", "the endpoint's answer could not be read"),
    ({"error": {"message": MARKER}}, "the endpoint's answer could not be read"),
    ({"choices": []}, "the endpoint's answer could not be read"),
]


@pytest.mark.parametrize(("fault", "reason"), TRANSIENT)
def test_a_fault_that_may_pass_is_tried_again(fault: Scripted, reason: str) -> None:
    assert ask(fault, fault, GOOD)[0] == "fine"
    said, server, _ = ask(fault)
    assert said == f"{reason} (asked 5 times)"
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (400, "the endpoint refuses the request (HTTP 400)"),
        (401, "the endpoint refuses the key (HTTP 401)"),
        (403, "the endpoint refuses the key (HTTP 403)"),
        (404, "the endpoint has no such address or model (HTTP 404)"),
        (413, "the endpoint refuses the request (HTTP 413)"),
        (422, "the endpoint refuses the request (HTTP 422)"),
    ],
)
def test_a_fault_that_will_not_pass_is_not_tried_again(code: int, reason: str) -> None:
    said, server, _ = ask(status(code))
    assert said == reason
    assert len(server.requests) == 1


def test_a_request_that_never_reached_the_network_is_not_tried_again() -> None:
    said, server, _ = ask(LookupError(MARKER))
    assert said == "the request was not sent"
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_no_redirect_is_followed(code: int) -> None:
    said, server, _ = ask(status(code, location="http://127.0.0.1:10/elsewhere"))
    assert said == f"the endpoint redirects elsewhere, which is not followed (HTTP {code})"
    assert len(server.requests) == 1


def test_the_waits_grow_and_are_jittered() -> None:
    assert ask(status(500))[2].slept == [0.5, 1.0, 2.0, 4.0]
    server, clock = ScriptedServer(status(500)), Clock()
    with pytest.raises(ModelFailure):
        Transport(endpoint(), server, clock, clock.sleep, jitter=lambda: 0.0).ask(REQUEST, 600.0)
    assert clock.slept == [0.25, 0.5, 1.0, 2.0]


def test_the_server_says_how_long_to_wait() -> None:
    assert ask(status(429, **{"retry-after": "7"}), GOOD)[2].slept == [7.0]
    assert ask(status(503, **{"retry-after-ms": "1500"}), GOOD)[2].slept == [1.5]
    assert ask(status(429, **{"retry-after": "0"}), GOOD)[2].slept == [0.5]


def test_retry_after_as_a_date_and_as_nonsense() -> None:
    asked = retry_after({"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)})
    assert asked is not None
    assert 50 < asked <= 60
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert retry_after({"retry-after": "-5"}) == 0.0
    for nonsense in ("", "soon", "1e999x", "Wed, 99 Foo 2015", "nan", "inf"):
        assert retry_after({"retry-after": nonsense}) is None, nonsense


def test_a_wait_that_would_pass_the_deadline_is_not_begun() -> None:
    said, server, clock = ask(status(429, **{"retry-after": "3600"}), GOOD)
    assert said == "the endpoint is limiting its rate (HTTP 429)"
    assert (len(server.requests), clock.now) == (1, 0.0)


def test_nothing_is_asked_after_the_deadline() -> None:
    said, server, _ = ask(GOOD, deadline=0.0)
    assert said == "the time for this chart was used up before the endpoint was asked"
    assert server.requests == []


def test_an_answer_larger_than_the_limit_is_given_up_at_once() -> None:
    said, server, _ = ask(completion("x" * 5000), answer_bytes=4000)
    assert said == "the endpoint's answer is too large"
    assert len(server.requests) == 1


def test_only_our_own_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "somebody-elses")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example.com")
    (request,) = ask(GOOD)[1].requests
    assert "somebody-elses" not in str(request.headers.raw)
    assert str(request.url) == "http://127.0.0.1:9/v1/chat/completions"
    (request,) = ask(GOOD, api_key="sk-ours")[1].requests
    assert request.headers["authorization"] == "Bearer sk-ours"


def test_the_wire_refuses_any_other_origin() -> None:
    server = ScriptedServer(GOOD)
    client = Transport(endpoint(), server).client._client
    for url in ("http://127.0.0.1:10/v1", "https://127.0.0.1:9/v1", "http://127.0.0.1/v1", "http://example.com:9/v1"):
        with pytest.raises(httpx2.UnsupportedProtocol):
            client.post(url, json=REQUEST)
    assert server.requests == []


# --- with real sockets ------------------------------------------------------------------------------------------------------


@contextmanager
def listening(*pieces: bytes, pause: float = 0.0, hold: float = 0.0) -> Iterator[str]:
    """A server on loopback that sends its pieces to everybody who asks, with a pause after each."""
    closing = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)
                    closing.wait(pause)
                closing.wait(hold)
            except OSError:
                return  # the client has had enough, which is what these tests are about

    def accept() -> None:
        while not closing.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        closing.set()
        server.close()


def ask_for_real(base_url: str, **changed: object) -> tuple[str, float]:
    started = time.monotonic()
    limits = {"attempts": 2, "timeout": 0.3, "connect_timeout": 0.3, **changed}
    transport = Transport(endpoint(base_url=base_url, **limits), sleep=lambda _: None)
    try:
        said = str(transport.ask(REQUEST, time.monotonic() + 30).content)
    except ModelFailure as failure:
        said = failure.reason
    finally:
        transport.close()
    return said, time.monotonic() - started


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


def test_a_server_that_stalls_before_and_within_its_answer() -> None:
    for pieces in ((), (HEAD,), (HEAD, b"{")):
        with listening(*pieces, hold=5.0) as url:
            said, seconds = ask_for_real(url)
        assert said == "the endpoint did not answer in time (asked 2 times)", pieces
        assert seconds < 4


def test_a_server_that_drips_never_lets_the_client_library_time_out_but_the_wire_does() -> None:
    with listening(HEAD, *[b" "] * 200, pause=0.05) as url:
        said, seconds = ask_for_real(url)
    assert said == "the endpoint did not answer in time (asked 2 times)"
    assert seconds < 4


def test_a_server_that_hangs_up_or_is_not_there_or_speaks_nonsense() -> None:
    with listening(HEAD, b"{") as url:
        assert ask_for_real(url)[0] == "the endpoint cannot be reached (asked 2 times)"
    assert ask_for_real(url)[0] == "the endpoint cannot be reached (asked 2 times)"
    with listening(b"SSH-2.0-zebra\r\n") as url:
        assert ask_for_real(url)[0] == "the endpoint cannot be reached (asked 2 times)"
    with listening(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nzebra") as url:
        assert "(asked 2 times)" in ask_for_real(url)[0]


def test_no_proxy_of_the_environment_sees_a_chart_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"choices": [{"message": {"content": "fine"}}]}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    with listening() as proxy, listening(answer) as url:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert ask_for_real(url)[0] == "fine"


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxy"),
    [
        ("https://api.example.com/v1", "", "http://proxy.example.com:3128"),
        ("https://api.example.com/v1", "example.com", None),
        ("https://127.0.0.1:9/v1", "", None),
        ("http://localhost:9/v1", "", None),
    ],
)
def test_a_proxy_is_for_remote_endpoints_alone(
    monkeypatch: pytest.MonkeyPatch, url: str, no_proxy: str, proxy: str | None
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.example.com:3128")
    monkeypatch.setenv("no_proxy", no_proxy)
    assert proxy_for(endpoint(base_url=url, allow_remote_phi=True)) == proxy
