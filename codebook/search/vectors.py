"""Vectors of the codes in Chroma, the only file that knows it: one immutable folder for a release and an embedder.

The folder appears complete under its name or not at all, so many processes may read it. Chroma is always handed vectors, for
left alone it would download a model; the embedder's name and hash are kept with the collection, and another embedder's
vectors are refused, for they would answer with nonsense. Search lives without vectors: whatever is wrong here is told and
costs nothing but their help.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebook import places, pruning
from codebook.search.embedder import Embedder, unit_texts
from codebook.store import Progress, silent

if TYPE_CHECKING:
    from codebook.search.index import Index

_COLLECTION = "codes"
_BATCH = 4000


class VectorError(Exception):
    """The vectors cannot be used. One line for a person; it never holds search terms."""


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
    return places.cache() / f"vectors-{index.folder.name.removeprefix('search-')}-{embedder.sha256[:16]}"


def open_vectors(index: Index, embedder: Embedder) -> Vectors | None:
    """The vectors that were built; None when none were; VectorError when they are broken or another embedder's."""
    folder = folder_of(index, embedder)
    if not folder.exists():
        return None
    try:
        collection = _client(folder).get_collection(_COLLECTION, embedding_function=None)
        held = dict(collection.metadata or {})
        count = collection.count()
    except Exception as error:  # noqa: BLE001 - a broken folder shows itself in many ways, each of them means the same
        raise VectorError(f"the folder {folder.name} is not readable by Chroma ({type(error).__name__})") from None
    if (held.get("embedder"), held.get("embedder_sha256")) != (embedder.name, embedder.sha256):
        raise VectorError(f"the folder {folder.name} holds vectors of another embedder ({held.get('embedder')})")
    if count != len(index.leaves):
        raise VectorError(f"the folder {folder.name} holds {count} vectors of {len(index.leaves)}")
    pruning.used(folder)
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


def _fill(part: Path, index: Index, embedder: Embedder, progress: Progress) -> None:
    client = _client(part)
    collection = client.create_collection(
        _COLLECTION,
        embedding_function=None,
        metadata={"embedder": embedder.name, "embedder_sha256": embedder.sha256},
        configuration={"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 100}},
    )
    texts = unit_texts(index)
    leaves = [int(unit) for unit in index.leaves]
    for start in range(0, len(leaves), _BATCH):
        chosen = leaves[start : start + _BATCH]
        collection.add(ids=[str(unit) for unit in chosen], embeddings=embedder.vectors([texts[unit] for unit in chosen]))
        progress("building the vectors", start + len(chosen))
    client.close()


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
