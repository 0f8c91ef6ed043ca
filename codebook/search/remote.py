"""An embedder at an OpenAI-compatible endpoint, behind the same gate as the model: terms of a search may be a chart's words."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from codebook.search.embedder import VectorError
from codebook.search.postings import Floats
from records.gate import Address

# Seconds and attempts: a search goes on without vectors sooner than a build gives up.
PATIENCE, BUILDING_PATIENCE = 10.0, 120.0
ATTEMPTS = 4
LARGEST = 64_000_000
# What a small embedding model can read; a code with more phrases than that is said well enough by its first ones.
_CHARACTERS = 1200
_BATCH = 128
_TRANSIENT = frozenset({408, 409, 429, 500, 502, 503, 504})


class RemoteEmbedder:
    """The vectors of ``POST {base}/embeddings``. Building asks again where that may help; a search asks once and goes on."""

    def __init__(self, base: Address, model: str, key: str = "", sleep: Callable[[float], None] = time.sleep) -> None:
        self._url = f"{base.origin}{base.path}/embeddings"
        self._model, self._key, self._sleep = model, key, sleep
        self._opener = urllib.request.build_opener(_NoRedirects, *([urllib.request.ProxyHandler({})] if base.is_loopback else []))
        self.name = f"{model} at {base.origin}"
        self.sha256 = hashlib.sha256(f"{base.origin}{base.path} {model} {_CHARACTERS}".encode()).hexdigest()

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One vector of length 1 a text, zeros for an empty one; VectorError when the endpoint does not give them."""
        said = [place for place, text in enumerate(texts) if text.strip()]
        builds = len(texts) > 1
        rows: list[Floats] = []
        for start in range(0, len(said), _BATCH):
            asked = [texts[place][:_CHARACTERS] for place in said[start : start + _BATCH]]
            rows.append(self._read(self._ask(asked, builds), len(asked)))
        if len({part.shape[1] for part in rows}) > 1:
            raise VectorError("the embedder's vectors are not all of one length")
        found = np.zeros((len(texts), rows[0].shape[1] if rows else 1), np.float32)
        if rows:
            found[said] = np.concatenate(rows)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        scaled: Floats = (found / np.maximum(lengths, 1e-9)).astype(np.float32)
        return scaled

    def _ask(self, texts: list[str], builds: bool) -> bytes:
        if not builds:
            return self._send(texts, PATIENCE)
        for attempt in range(1, ATTEMPTS):
            try:
                return self._send(texts, BUILDING_PATIENCE)
            except _Transient:
                self._sleep(2.0 ** (attempt - 1))
        return self._send(texts, BUILDING_PATIENCE)

    def _send(self, texts: list[str], patience: float) -> bytes:
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        try:
            with self._opener.open(urllib.request.Request(self._url, body, headers), timeout=patience) as answer:
                received: bytes = answer.read(LARGEST + 1)
        except urllib.error.HTTPError as error:
            kind = _Transient if error.code in _TRANSIENT else VectorError
            raise kind(f"the embedder answers HTTP {error.code}") from None
        except (http.client.HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise _Transient(f"the embedder cannot be reached ({type(reason).__name__})") from None
        if len(received) > LARGEST:
            raise VectorError("the embedder's answer is too large")
        return received

    def _read(self, received: bytes, count: int) -> Floats:
        """The vectors in the order of the texts, which is not always the order of the answer."""
        try:
            data: list[Any] = json.loads(received)["data"]
            by_place = {int(row.get("index", place)): row["embedding"] for place, row in enumerate(data)}
            rows = np.array([by_place[place] for place in range(count)], np.float32)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise VectorError("the embedder's answer could not be read") from None
        if len(data) != count or rows.ndim != 2 or not rows.shape[1] or not np.isfinite(rows).all():
            raise VectorError("the embedder's answer is not one vector a text")
        return rows


class _Transient(VectorError):
    """Asking again may help."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Another host would receive the terms."""

    def redirect_request(self, *_: Any) -> None:
        """None: the redirect itself is then the answer, and an error."""
        return None
