"""Vectors of the codes in Chroma, the only file that knows it: one immutable folder for a release and an embedder, or one
collection on a Chroma server.

Either appears complete under its name or not at all, so many processes may read it. Chroma is always handed vectors, for
left alone it would download a model; the embedder's name and hash are kept with the collection, and another embedder's
vectors are refused, for they would answer with nonsense. Search lives without vectors: whatever is wrong here is told and
costs nothing but their help.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codebook import places, pruning
from codebook.search.embedder import Embedder, VectorError, unit_texts
from codebook.search.index import Index
from codebook.store import Progress, silent
from records.gate import Address

_COLLECTION = "codes"
_BATCH = 4000
# A server refuses larger requests than a folder does.
_SERVER_BATCH = 500
_PATIENCE = 10.0


class Vectors:
    """The vectors of one release, opened for reading."""

    def __init__(self, collection: Any, embedder: Embedder) -> None:
        self._collection, self._embedder = collection, embedder

    def nearest(self, terms: str, count: int) -> dict[int, float]:
        """The units nearest to terms with their likeness, 1 for the same; VectorError when Chroma cannot answer."""
        vector = self._embedder.vectors([terms])
        if not vector.any():
            return {}
        try:
            found = self._collection.query(query_embeddings=vector, n_results=count, include=["distances"])
        except Exception as error:  # noqa: BLE001 - Chroma raises whatever its core raises; search goes on and says so
            raise VectorError(f"Chroma could not answer ({type(error).__name__})") from None
        return {int(unit): 1 - float(far) for unit, far in zip(found["ids"][0], found["distances"][0], strict=True)}


def folder_of(index: Index, embedder: Embedder) -> Path:
    """Where the vectors of an index by an embedder are, or would be."""
    return places.cache() / _name(index, embedder)


def _name(index: Index, embedder: Embedder) -> str:
    return f"vectors-{index.folder.name.removeprefix('search-')}-{embedder.sha256[:16]}"


def open_vectors(index: Index, embedder: Embedder, server: Address | None = None) -> Vectors | None:
    """The vectors that were built; VectorError when they are broken or another embedder's.

    None when no folder was built. A server was asked for by name, so that one without the vectors is a VectorError.
    """
    if server is not None:
        return _open_on(server, index, embedder)
    folder = folder_of(index, embedder)
    if not folder.exists():
        return None
    try:
        collection = _client(folder).get_collection(_COLLECTION, embedding_function=None)
        vectors = _checked(collection, index, embedder, f"the folder {folder.name}")
    except VectorError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken folder shows itself in many ways, each of them means the same
        raise VectorError(f"the folder {folder.name} is not readable by Chroma ({type(error).__name__})") from None
    pruning.used(folder)
    return vectors


def _open_on(server: Address, index: Index, embedder: Embedder) -> Vectors:
    with _server(server) as client:
        if not _held(client, _name(index, embedder)):
            raise VectorError("the Chroma server holds no vectors of this release: chartproof codebook build --vectors")
        collection = client.get_collection(_name(index, embedder), embedding_function=None)
        return _checked(collection, index, embedder, "the collection on the Chroma server")


def _checked(collection: Any, index: Index, embedder: Embedder, where: str) -> Vectors:
    """The collection for reading, when it is this embedder's and complete."""
    held = dict(collection.metadata or {})
    count = collection.count()
    if (held.get("embedder"), held.get("embedder_sha256")) != (embedder.name, embedder.sha256):
        raise VectorError(f"{where} holds vectors of another embedder ({held.get('embedder')})")
    if count != len(index.leaves):
        raise VectorError(f"{where} holds {count} vectors of {len(index.leaves)}")
    return Vectors(collection, embedder)


def build_vectors(index: Index, embedder: Embedder, progress: Progress = silent) -> Path:
    """Build the vectors when they are not there; a minute or two. What another process finished first is kept."""
    folder = folder_of(index, embedder)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix="vectors-", suffix=".part"))
    try:
        _fill(part, index, embedder, progress)
        os.replace(part, folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def build_on(server: Address, index: Index, embedder: Embedder, progress: Progress = silent) -> str:
    """Build the vectors on a Chroma server when they are not there; the collection's name. VectorError when it cannot be."""
    name = _name(index, embedder)
    with _server(server) as client:
        if _held(client, name):
            return name
        part = f"{name}-part-{uuid.uuid4().hex[:8]}"
        try:
            _add(_created(client, part, embedder), index, embedder, progress, _SERVER_BATCH)
            if not _held(client, name):
                client.get_collection(part, embedding_function=None).modify(name=name)
        finally:
            if _held(client, part):
                client.delete_collection(part)
    return name


def _fill(part: Path, index: Index, embedder: Embedder, progress: Progress) -> None:
    client = _client(part)
    _add(_created(client, _COLLECTION, embedder), index, embedder, progress, _BATCH)
    client.close()


def _created(client: Any, name: str, embedder: Embedder) -> Any:
    return client.create_collection(
        name,
        embedding_function=None,
        metadata={"embedder": embedder.name, "embedder_sha256": embedder.sha256},
        configuration={"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 100}},
    )


def _add(collection: Any, index: Index, embedder: Embedder, progress: Progress, size: int) -> None:
    texts = unit_texts(index)
    leaves = [int(unit) for unit in index.leaves]
    for start in range(0, len(leaves), size):
        chosen = leaves[start : start + size]
        collection.add(ids=[str(unit) for unit in chosen], embeddings=embedder.vectors([texts[unit] for unit in chosen]))
        progress("building the vectors", start + len(chosen))


def _held(client: Any, name: str) -> bool:
    from chromadb.errors import NotFoundError

    try:
        client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return False
    return True


@contextmanager
def _server(server: Address) -> Iterator[Any]:
    """A client of a Chroma server; whatever goes wrong with it is a VectorError that names neither address nor terms."""
    try:
        yield _client_of(server)
    except VectorError:
        raise
    except Exception as error:  # noqa: BLE001 - Chroma raises whatever its own client raises, each of them means the same
        raise VectorError(f"the Chroma server does not serve ({type(error).__name__})") from None


def _client_of(server: Address) -> Any:
    import chromadb
    from chromadb.config import Settings

    _check_answers(server)
    settings = Settings(anonymized_telemetry=False)
    client: Any = chromadb.HttpClient(server.host, server.port, server.scheme == "https", settings=settings)
    # Chroma's client waits for ever by default, and a search would with it.
    client._server._session.timeout = _PATIENCE
    return client


def _check_answers(server: Address) -> None:
    """Ask for a sign of life first: Chroma's client cannot be told a time to wait before it connects."""
    proxies = urllib.request.getproxies()
    if server.is_loopback and not urllib.request.proxy_bypass(server.host) and {"http", "https", "all"} & proxies.keys():
        # Chroma's client would go through the proxy, which is not this machine.
        raise VectorError("a proxy is set that would see what is sent to the Chroma server here: name its host in NO_PROXY")
    with urllib.request.urlopen(f"{server.origin}/api/v2/heartbeat", timeout=_PATIENCE) as answer:
        answer.read(1000)


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
