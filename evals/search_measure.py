"""The steps of the search benchmark, each to be run in a process of its own: build, open, ask."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from codebook.book import CodeBook
from codebook.search import PARTS, search
from codebook.search.embedder import PieceLsa
from codebook.search.vectors import build_vectors
from evals.search_baselines import BASELINES
from evals.search_terms import Asked

ON = date(2026, 6, 15)
MISSED = sys.maxsize
_TOP = 50
_EVERY = 10


class Cost(NamedTuple):
    """Seconds to build everything but the vectors, and these; seconds to open the book and ask once; MB resident after that."""

    built: float
    vectors: float
    opened: float
    resident: float


class Asking(NamedTuple):
    """The place of the first right code for each question asked, with its milliseconds of processor time and by the clock.

    ``every`` says that only each so many of the questions were asked; ``resident`` is in MB, the most there ever was.
    """

    ranks: list[int]
    processor: list[float]
    clock: list[float]
    every: int
    resident: float


def build_book() -> float:
    """Seconds from nothing to a book that answers."""
    start = time.perf_counter()
    _book().search("fever", 1)
    return time.perf_counter() - start


def build_its_vectors() -> float:
    """Seconds to build the offline vectors."""
    start = time.perf_counter()
    index = _book().search_index
    build_vectors(index, PieceLsa(index))
    return time.perf_counter() - start


def open_book_once() -> tuple[float, float]:
    """Seconds to open a book that was built, to be ready to spot and to answer once; MB resident then."""
    start = time.perf_counter()
    _book().search("fever", 1)
    return time.perf_counter() - start, _resident()


def ask(queries: Sequence[Asked], parts: frozenset[str] = PARTS) -> Asking:
    """Ask search everything, with some of its parts."""
    book = _book()
    searched = book.searched
    # A word that nobody knows: the vectors are opened before the first measured question.
    search(searched, "qwzxv fever", 1)
    return _asked(lambda terms: [hit.code for hit in search(searched, terms, _TOP, parts)], queries, 1)


def ask_baseline(queries: Sequence[Asked], name: str) -> Asking:
    """Ask a baseline everything, a slow one every tenth."""
    make, slow = {title: (make, slow) for title, make, slow in BASELINES}[name]
    book = _book()
    return _asked(make(book, book.search_index), queries, _EVERY if slow else 1)


def _book() -> CodeBook:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return CodeBook.on(ON)


def _asked(find: Callable[[str], Sequence[str]], queries: Sequence[Asked], every: int) -> Asking:
    ranks, processor, clock = [], [], []
    for one in queries[::every]:
        start, worked = time.perf_counter(), time.process_time()
        found = find(one.terms)
        clock.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (time.process_time() - worked))
        ranks.append(next((place for place, code in enumerate(found, 1) if code in one.codes), MISSED))
    return Asking(ranks, processor, clock, every, _resident())


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
