"""Phrases with the units they speak of: those of the book and its synonyms, and the lines of the Alphabetic Index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codebook.search.documents import Phrase
from codebook.search.postings import Floats, Ints, Postings

_CONTAINED = 0.97


class Phrases:
    """Phrases in the order of their units. A unit's are numbered from ``first[unit]`` up to ``first[unit + 1]``.

    ``mass`` is how much there is to answer in each, ``words`` in which of them each word stands.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.units: Ints = mapped(folder / f"{name}-units.npy")
        self.kinds: Ints = mapped(folder / f"{name}-kinds.npy")
        self.mass: Floats = mapped(folder / f"{name}-mass.npy")
        self.first: Ints = mapped(folder / f"{name}-first.npy")
        self.words = Postings.load(folder, f"{name}-words", len(self.units))
        self._texts = mapped(folder / f"{name}-texts.npy")
        self._text_starts: Ints = mapped(folder / f"{name}-text-starts.npy")
        self._spoken: Ints = np.flatnonzero(np.diff(self.first)).astype(np.int32)

    def __len__(self) -> int:
        return len(self.units)

    def of(self, units: Ints) -> tuple[Ints, Ints]:
        """The phrases of several units one after the other, and how many each has. The title is the first of a unit's own."""
        low = self.first[units]
        counts = self.first[units + 1] - low
        starts = np.cumsum(counts) - counts
        return (np.arange(int(counts.sum())) - np.repeat(starts - low, counts)).astype(np.int32), counts.astype(np.int32)

    def best(self, values: Floats) -> Floats:
        """The greatest value among the phrases of each unit; nothing for a unit without any."""
        found = np.zeros(len(self.first) - 1, np.float32)
        if len(self):
            found[self._spoken] = np.maximum.reduceat(values, self.first[self._spoken])
        return found

    def text(self, number: int) -> str:
        """The words of a phrase."""
        low, high = self._text_starts[number], self._text_starts[number + 1]
        return bytes(self._texts[low:high]).decode("utf-8")


def likeness(held: Floats, mass: Floats, total: np.float32) -> tuple[Floats, Floats]:
    """How alike phrases and a question are, and of those the question holds whole, how much of it they are.

    ``held`` is the mass of the question that each phrase holds, ``total`` all of it, ``mass`` all of the phrase.
    """
    # What may stand beside a phrase is no part of its mass: more can be held of it than it has.
    dice: Floats = np.minimum(2 * held / (mass + total), 1)
    contained: Floats = ((held >= _CONTAINED * mass) & (mass > 0)).astype(np.float32) * mass / total
    return dice, contained


def most(values: Floats, count: int) -> NDArray[np.intp]:
    """Where the greatest values are, in no order."""
    return np.argpartition(-values, count)[:count] if count < len(values) else np.arange(len(values))


def save(
    folder: Path,
    name: str,
    phrases: Sequence[Phrase],
    words: tuple[Sequence[frozenset[str]], Sequence[frozenset[str]]],
    vocabulary: Mapping[str, int],
    idf: Floats,
    units: int,
) -> None:
    """Write phrases sorted by unit. ``words`` are the stems of each, and those that may stand beside it: they answer as its own
    do, but nobody need say them, so they have no part in its mass."""
    own, beside = words
    pairs = ((vocabulary[stem], row, 1.0) for row, stems in enumerate(own) for stem in stems | beside[row])
    Postings.of(pairs, len(vocabulary), len(phrases)).save(folder, f"{name}-words")
    mass = [sum(float(idf[vocabulary[stem]]) for stem in sorted(stems)) for stems in own]
    of_units = np.array([phrase.unit for phrase in phrases], np.int32)
    encoded = [phrase.text.encode() for phrase in phrases]
    arrays: dict[str, NDArray[Any]] = {
        "units": of_units,
        "kinds": np.array([phrase.kind for phrase in phrases], np.int8),
        "mass": np.array(mass, np.float32),
        "first": np.searchsorted(of_units, np.arange(units + 1)).astype(np.int32),
        "text-starts": np.concatenate([[0], np.cumsum([len(text) for text in encoded])]).astype(np.int32),
        "texts": np.frombuffer(b"".join(encoded), np.uint8),
    }
    for part, array in arrays.items():
        np.save(folder / f"{name}-{part}.npy", array)


def mapped(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[Any]]:
    """A stored array as the system maps it; the plain type, because the mapped one is slow to slice."""
    return np.asarray(np.load(path, mmap_mode="r"))
