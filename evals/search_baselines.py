"""What anybody would try first, over the same descriptions and inclusion terms: the figures search has to be worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from codebook.book import CodeBook
from codebook.search.documents import SYNONYM, documents, is_completed
from codebook.search.index import Index
from codebook.words import tokens

_TOP = 50
_K1, _B = 1.2, 0.75
Search = Callable[[str], Sequence[str]]


def _texts(book: CodeBook) -> tuple[list[str], list[str]]:
    """Codes and what the book prints of each. A code that a 7th character completes stands for its first completion."""
    made = documents(book)
    said: list[list[str]] = [[] for _ in made.codes]
    for phrase in made.phrases:
        if phrase.kind != SYNONYM:
            said[phrase.unit].append(phrase.text)
    first = {parent: code for code, _, _, parent in reversed(list(book.entries())) if is_completed(code)}
    kept = [unit for unit, leaf in enumerate(made.leaves) if leaf]
    return [first.get(made.codes[unit], made.codes[unit]) for unit in kept], [" ".join(said[unit]) for unit in kept]


def bm25(book: CodeBook, _: Index) -> Search:
    """Okapi BM25 over stems."""
    codes, texts = _texts(book)
    counted = [Counter(token.stem for token in tokens(text)) for text in texts]
    lengths = np.array([one.total() for one in counted], np.float32)
    rows: dict[str, tuple[list[int], list[int]]] = {}
    for row, one in enumerate(counted):
        for word, times in one.items():
            at = rows.setdefault(word, ([], []))
            at[0].append(row)
            at[1].append(times)
    norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
    postings = {word: (np.array(at[0]), np.array(at[1], np.float32)) for word, at in rows.items()}

    def find(terms: str) -> Sequence[str]:
        scores = np.zeros(len(codes), np.float32)
        for word in {token.stem for token in tokens(terms)} & postings.keys():
            at, times = postings[word]
            scores[at] += log(1 + (len(codes) - len(at) + 0.5) / (len(at) + 0.5)) * times * (_K1 + 1) / (times + norm[at])
        return _best(codes, scores)

    return find


def character_tfidf(book: CodeBook, _: Index) -> Search:
    """Cosine of TF-IDF over character pieces of 2 to 4 within words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    codes, texts = _texts(book)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    matrix = vectorizer.fit_transform(texts).T.tocsr()
    return lambda terms: _best(codes, (vectorizer.transform([terms]) @ matrix).toarray()[0])


def token_set_ratio(book: CodeBook, _: Index) -> Search:
    """rapidfuzz's token_set_ratio against every text."""
    codes, texts = _texts(book)
    lowered = [text.lower() for text in texts]
    return lambda terms: [
        codes[place] for _, _, place in process.extract(terms.lower(), lowered, scorer=fuzz.token_set_ratio, limit=_TOP)
    ]


def all_words(book: CodeBook, _: Index) -> Search:
    """Every word must be there; the shorter text first."""
    codes, texts = _texts(book)
    words = [frozenset(token.folded for token in tokens(text)) for text in texts]

    def find(terms: str) -> Sequence[str]:
        asked = frozenset(token.folded for token in tokens(terms))
        held = [place for place, one in enumerate(words) if asked <= one]
        return [codes[place] for place in sorted(held, key=lambda place: len(words[place]))[:_TOP]]

    return find


def _best(codes: list[str], scores: NDArray[np.float32]) -> list[str]:
    top = np.argpartition(-scores, _TOP)[:_TOP]
    return [codes[place] for place in top[np.argsort(-scores[top], kind="stable")] if scores[place] > 0]


# Name, maker, and whether it is too slow to be asked everything.
BASELINES: tuple[tuple[str, Callable[[CodeBook, Index], Search], bool], ...] = (
    ("BM25", bm25, False),
    ("character TF-IDF", character_tfidf, True),
    ("rapidfuzz token_set_ratio", token_set_ratio, True),
    ("all words", all_words, True),
)
