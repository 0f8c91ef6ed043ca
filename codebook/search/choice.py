"""What the operator chose for vectors, in the environment: who makes them, and where Chroma keeps them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from codebook.search.embedder import Embedder, PieceLsa, VectorError
from codebook.search.index import Index
from records import gate

CHROMA_URL = "CHARTPROOF_CHROMA_URL"
BASE_URL, MODEL, API_KEY = (f"CHARTPROOF_EMBEDDER_{name}" for name in ("BASE_URL", "MODEL", "API_KEY"))


def chosen_embedder(index: Index, environment: Mapping[str, str] = os.environ) -> Embedder:
    """The embedder at ``CHARTPROOF_EMBEDDER_BASE_URL``, else the offline one. VectorError for one that may not be asked."""
    base, model, key = (environment.get(name, "").strip() for name in (BASE_URL, MODEL, API_KEY))
    if not base and not model:
        return PieceLsa(index)
    if not base or not model:
        raise VectorError(f"an embedder needs both {BASE_URL} and {MODEL} in the environment")
    from codebook.search.remote import RemoteEmbedder

    address = _admitted(base, BASE_URL, environment)
    try:
        gate.check_key(key, API_KEY)
    except gate.GateError as error:
        raise VectorError(str(error)) from None
    return RemoteEmbedder(address, model, key)


def chosen_server(environment: Mapping[str, str] = os.environ) -> gate.Address | None:
    """The Chroma server at ``CHARTPROOF_CHROMA_URL``; None for the folder. VectorError for one that may be sent nothing."""
    url = environment.get(CHROMA_URL, "").strip()
    if not url:
        return None
    server = _admitted(url, CHROMA_URL, environment)
    if server.path:
        raise VectorError(f"{CHROMA_URL} holds a path: a Chroma server is named by scheme, host and port")
    return server


def _admitted(url: str, name: str, environment: Mapping[str, str]) -> gate.Address:
    try:
        return gate.admitted(url, gate.remote_allowed(environment), name)
    except gate.GateError as error:
        raise VectorError(str(error)) from None
