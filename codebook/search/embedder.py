"""Embedders: text to vectors. The offline one is latent semantic analysis of word pieces, made from the book itself."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from codebook.search.grams import BUCKETS, fold, grams
from codebook.search.index import Index
from codebook.search.postings import Floats
from codebook.words import tokens

_DIMENSIONS = 192
_SELDOM = 3
_ROUNDS = 2


class VectorError(Exception):
    """The vectors cannot be made or used. One line for a person; it never holds search terms, nor a value that was set."""


class Embedder(Protocol):
    """Whatever makes vectors of one length out of texts. ``sha256`` changes whenever its vectors would."""

    name: str
    sha256: str

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One vector of length 1 a text; zeros for a text it knows nothing of."""
        ...


class PieceLsa:
    """Latent semantic analysis over pieces of words: deterministic, without a download, made in less than a minute."""

    name = "piece-lsa"

    def __init__(self, index: Index) -> None:
        self._index = index
        self._path = index.folder / f"lsa-{_DIMENSIONS}.npz"
        self._components: tuple[NDArray[np.int32], NDArray[np.float16]] | None = None
        made_from = f"{self.name} {index.folder.name} {_DIMENSIONS} {_SELDOM} {_ROUNDS}"
        self.sha256 = hashlib.sha256(made_from.encode()).hexdigest()

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One vector of length 1 a text; zeros for a text it knows nothing of."""
        places, components = self._load()
        found = np.zeros((len(texts), _DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            weights = self._weights(text)
            if weights:
                held = np.fromiter(weights, np.int64, len(weights))
                found[row] = np.fromiter(weights.values(), np.float32, len(weights)) @ components[places[held]].astype(np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        scaled: Floats = (found / np.maximum(lengths, 1e-9)).astype(np.float32)
        return scaled

    def _weights(self, text: str) -> dict[int, float]:
        counted = grams(token.folded for token in tokens(fold(text)))
        return {piece: (1 + log(times)) * float(self._index.gram_idf[piece]) for piece, times in counted.items()}

    def _load(self) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
        if self._components is None:
            try:
                self._components = self._read()
            except (OSError, EOFError, ValueError, KeyError, BadZipFile):
                # Not there, or damaged: it is made of the index and nothing else, so it is made again.
                self._make()
                self._components = self._read()
        return self._components

    def _read(self) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
        with np.load(self._path) as stored:
            return stored["places"], stored["components"]

    def _make(self) -> None:
        from scipy.sparse import csr_matrix
        from sklearn.utils.extmath import randomized_svd

        pieces_held, values_held, lengths = array("i"), array("f"), [0]
        for text in unit_texts(self._index):
            weights = self._weights(text)
            pieces_held.extend(weights)
            values_held.extend(weights.values())
            lengths.append(len(weights))
        starts = np.cumsum(lengths)
        pieces, values = np.frombuffer(pieces_held, np.int32), np.frombuffer(values_held, np.float32)
        norms = np.repeat([np.linalg.norm(values[low:high]) or 1.0 for low, high in pairwise(starts)], np.diff(starts))
        frequency = np.bincount(pieces, minlength=BUCKETS)
        kept = np.flatnonzero(frequency >= _SELDOM)
        # The last place is for pieces too seldom to have learnt anything: it stays empty.
        place_of = np.full(BUCKETS, len(kept), np.int32)
        place_of[kept] = np.arange(len(kept))
        matrix = csr_matrix(
            ((values / norms).astype(np.float32), place_of[pieces], starts), shape=(len(lengths) - 1, len(kept) + 1)
        )
        _, _, components = randomized_svd(matrix[:, :-1], n_components=_DIMENSIONS, n_iter=_ROUNDS, random_state=0)
        stored = np.concatenate([components.T, np.zeros((1, _DIMENSIONS))]).astype(np.float16)
        part = Path(f"{self._path}.part.npz")
        np.savez(part, places=place_of, components=stored)
        part.replace(self._path)


def unit_texts(index: Index) -> list[str]:
    """What is said of each unit: its phrases, and the titles of the two levels above it."""
    titles = [index.said.text(int(first)) for first in index.said.first[:-1]]
    texts = []
    for unit, (low, high) in enumerate(pairwise(index.said.first)):
        parent = int(index.parents[unit])
        above = [titles[place] for place in (parent, int(index.parents[parent])) if place >= 0] if parent >= 0 else []
        texts.append(" ".join([index.said.text(number) for number in range(int(low), int(high))] + above))
    return texts
