"""The embedder at an endpoint, against a server on loopback: what it sends, what it refuses, and what it never says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from codebook.search.embedder import VectorError
from codebook.search.remote import ATTEMPTS, RemoteEmbedder
from records.gate import address
from tests.loopback import Answering, listening

MARKER = "zebrastripes"


class Endpoint(ThreadingHTTPServer):
    """Answers with vectors, last text first, unless ``played`` holds what to answer instead (a status, or a body)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.played: list[int | bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(Answering):
    server: Endpoint

    def do_POST(self) -> None:
        request = json.loads(self.asked())
        self.server.asked.append({"path": self.path, **request})
        self.server.keys.append(self.headers["Authorization"])
        played = self.server.played.pop(0) if self.server.played else _vectors(request["input"])
        status, body = (played, MARKER.encode()) if isinstance(played, int) else (200, played)
        self.answer(body, status, Location=f"{self.server.url}/elsewhere")


def _vectors(texts: list[str]) -> bytes:
    rows = [{"index": place, "embedding": [float(len(text)), 1.0, 0.0]} for place, text in enumerate(texts)]
    return json.dumps({"data": rows[::-1]}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    with listening(server):
        yield server


def embedder(endpoint: Endpoint, waits: list[float] | None = None) -> RemoteEmbedder:
    return RemoteEmbedder(address(endpoint.url, "X"), "small", "sk-one", (waits if waits is not None else []).append)


def test_vectors_come_in_the_order_of_the_texts_and_of_length_one(endpoint: Endpoint) -> None:
    found = embedder(endpoint).vectors(["a", "", "four"])
    expected = np.array([[1, 1, 0], [0, 0, 0], [4, 1, 0]]) / np.array([[2**0.5], [1], [17**0.5]])
    assert np.allclose(found, expected)
    assert endpoint.asked == [{"path": "/v1/embeddings", "model": "small", "input": ["a", "four"], "encoding_format": "float"}]
    assert endpoint.keys == ["Bearer sk-one"]


def test_many_texts_go_in_batches_and_long_ones_are_cut(endpoint: Endpoint) -> None:
    texts = ["x" * (place + 1) for place in range(300)] + ["y" * 100_000]
    found = embedder(endpoint).vectors(texts)
    assert found.shape == (301, 3)
    assert found[299][0] / found[299][1] == pytest.approx(300)
    assert len(endpoint.asked) > 1
    assert max(len(text) for asked in endpoint.asked for text in asked["input"]) < 10_000


def test_building_asks_again_and_a_search_does_not(endpoint: Endpoint) -> None:
    waits: list[float] = []
    endpoint.played = [503, 429]
    assert embedder(endpoint, waits).vectors(["a", "b"]).shape == (2, 3)
    assert waits == [1.0, 2.0]
    endpoint.played = [503]
    with pytest.raises(VectorError, match="HTTP 503"):
        embedder(endpoint, waits).vectors(["a"])
    assert len(waits) == 2


def test_asking_again_has_an_end(endpoint: Endpoint) -> None:
    endpoint.played = [503] * 99
    with pytest.raises(VectorError, match="HTTP 503"):
        embedder(endpoint).vectors(["a", "b"])
    assert len(endpoint.asked) == ATTEMPTS


@pytest.mark.parametrize(
    "answer",
    [
        307,
        401,
        MARKER.encode(),
        b"[]",
        b'{"data": {}}',
        b'{"data": []}',
        b'{"data": [{"embedding": []}]}',
        b'{"data": [{"embedding": "zebrastripes"}]}',
        b'{"data": [{"embedding": [NaN]}]}',
        b'{"data": [{"index": 7, "embedding": [1]}]}',
        b'{"data": [{"embedding": [1]}, {"embedding": [2]}]}',
    ],
)
def test_any_other_answer_is_one_line_without_terms(endpoint: Endpoint, answer: int | bytes) -> None:
    endpoint.played = [answer]
    with pytest.raises(VectorError) as caught:
        embedder(endpoint).vectors([MARKER])
    assert MARKER not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(endpoint.asked) == 1


def test_an_absent_endpoint_is_told(endpoint: Endpoint) -> None:
    asked = embedder(endpoint)
    endpoint.shutdown()
    endpoint.server_close()
    with pytest.raises(VectorError, match="cannot be reached"):
        asked.vectors([MARKER])


def test_a_proxy_does_not_see_what_stays_here(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert embedder(endpoint).vectors(["a"]).any()


def test_the_hash_tells_models_and_places_apart(endpoint: Endpoint) -> None:
    made = [
        RemoteEmbedder(address(url, "X"), model) for url in ("https://a.example", "https://b.example") for model in ("m", "n")
    ]
    assert len({one.sha256 for one in made}) == 4
    assert made[0].name == "m at https://a.example"
    assert made[0].sha256 == RemoteEmbedder(address("https://A.example/", "X"), "m", "another key").sha256
