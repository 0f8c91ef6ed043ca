"""What contradicts the terms: a title "without" what they say is there, and one with what they say is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from codebook.search.documents import TITLE
from codebook.search.index import Index
from codebook.search.postings import Floats, Ints
from codebook.search.question import Question


def behind_the_rest(index: Index, asked: Question, units: Ints, scores: Floats) -> Floats:
    """The scores with those of contradicted units lowered to below the best of their category that nothing contradicts."""
    against = _contradicted(index, asked)[units]
    if not against.any():
        return scores
    categories = index.categories[units]
    best = np.full(int(index.categories[-1]) + 1, np.inf, np.float32)
    plain = np.full(len(best), -np.inf, np.float32)
    np.maximum.at(plain, categories[~against], scores[~against])
    best = np.where(np.isfinite(plain), plain, best)[categories]
    lowered: Floats = np.where(against & (scores >= best), np.nextafter(best, np.float32(-np.inf)), scores).astype(np.float32)
    return lowered


def _contradicted(index: Index, asked: Question) -> NDArray[np.bool_]:
    against = np.zeros(len(index.codes), bool)
    for stem in asked.affirmed:
        if stem in index.vocabulary:
            against[index.denials.of_word(index.vocabulary[stem])[0]] = True
    for stem in asked.denied:
        if stem in index.vocabulary:
            against[_affirming(index, index.vocabulary[stem])] = True
    return against


def _affirming(index: Index, word: int) -> Ints:
    """The units whose title says a word and does not deny it."""
    phrases = index.said.words.of_word(word)[0]
    titled = index.said.units[phrases[index.said.kinds[phrases] == TITLE]]
    affirming: Ints = np.setdiff1d(titled, index.denials.of_word(word)[0])
    return affirming
