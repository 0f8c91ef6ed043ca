"""Postings: for every word, the rows that have it and how much it counts there; flat arrays that many processes can share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


class Postings:
    """Rows by word number. ``starts`` has one more entry than there are words."""

    def __init__(self, starts: Ints, rows: Ints, weights: Floats, count: int) -> None:
        self.starts, self.rows, self.weights, self.count = starts, rows, weights, count

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int, float]], words: int, count: int) -> Postings:
        """Postings from (word, row, weight); of several weights for one word and row the greatest stays."""
        by_word: dict[int, dict[int, float]] = defaultdict(dict)
        for word, row, weight in pairs:
            held = by_word[word]
            if weight > held.get(row, 0.0):
                held[row] = weight
        lengths = [len(by_word[word]) if word in by_word else 0 for word in range(words)]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        rows = np.fromiter((row for word in range(words) for row in by_word.get(word, ())), np.int32, int(starts[-1]))
        weights = np.fromiter((w for word in range(words) for w in by_word.get(word, {}).values()), np.float32, int(starts[-1]))
        return cls(starts, rows, weights, count)

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays beside each other."""
        for part in ("starts", "rows", "weights"):
            np.save(folder / f"{name}-{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str, count: int) -> Postings:
        """Map the arrays into memory; nothing is read before it is needed."""
        starts, rows, weights = (
            np.asarray(np.load(folder / f"{name}-{part}.npy", mmap_mode="r")) for part in ("starts", "rows", "weights")
        )
        return cls(starts, rows, weights, count)

    def of_word(self, word: int) -> tuple[Ints, Floats]:
        """The rows of a word and its weights there."""
        low, high = self.starts[word], self.starts[word + 1]
        return self.rows[low:high], self.weights[low:high]

    def best(self, forms: Iterable[tuple[int, float]]) -> tuple[Ints, Floats]:
        """The rows that have any of several forms of one concept, and the greatest weight each has there."""
        found = [(*self.of_word(word), weight) for word, weight in forms]
        if len(found) == 1:
            rows, weights, weight = found[0]
            return rows, weights * np.float32(weight)
        every = np.zeros(self.count, np.float32)
        for rows, weights, weight in found:
            every[rows] = np.maximum(every[rows], weights * np.float32(weight))
        touched = np.flatnonzero(every).astype(np.int32)
        return touched, every[touched]

    def sums(self, words: Iterable[tuple[int, float]]) -> Floats:
        """For every row, the sum of its weights for the words, each times the word's own."""
        total = np.zeros(self.count, np.float32)
        for word, weight in words:
            rows, weights = self.of_word(word)
            total[rows] += weights * np.float32(weight)
        return total
