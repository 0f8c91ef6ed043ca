"""Search measured: ``python -m evals.bench_search [SHARED]`` prints it beside simple baselines, and without each of its parts.

SHARED is the folder with the development data (or ``CHARTPROOF_SHARED``); without it the benchmark says so and measures nothing.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median

from codebook.book import CodeBook, open_book
from codebook.search import PARTS, search
from codebook.search.embedder import PieceLsa
from codebook.search.vectors import build_vectors
from evals.search_baselines import BASELINES
from evals.search_terms import Asked, index_terms, spans

_ON = date(2026, 6, 15)
_TOPS = (1, 5, 15, 50)
_EVERY = 10
Search = Callable[[str], Sequence[str]]


def main(arguments: list[str]) -> int:
    """Print the table; 2 when there is nothing to measure on."""
    named = arguments[0] if arguments else os.environ.get("CHARTPROOF_SHARED", "")
    asked = {"index terms": index_terms(Path(named)), "gold spans": spans(Path(named))} if named else {}
    if not any(asked.values()):
        print("bench-search: no development data here: give its folder as the argument or in CHARTPROOF_SHARED")
        return 2
    start = time.perf_counter()
    book = open_book(_ON)
    book.search("opened")
    opened = time.perf_counter() - start
    print(f"book and index opened and asked once in {opened:.2f} s, {_resident():.0f} MB resident")
    build_vectors(book.search_index, PieceLsa(book.search_index))
    for name, queries in asked.items():
        must = [one for one in queries if one.tier == "must"]
        for title, chosen in ((name, queries), (f"{name}, must codes only", must)):
            if chosen:
                _table(book, title, chosen)
    if asked["gold spans"]:
        _by_code(book, asked["gold spans"])
    print(f"at the end {_resident():.0f} MB resident at the most, building vectors and baselines included")
    return 0


def _searches(book: CodeBook) -> Iterator[tuple[str, Search, int]]:
    """Name, search, and how many of the questions it is asked: the slow ones get every tenth."""
    index = book.search_index
    yield "chartproof", _product(book, PARTS), 1
    for part in sorted(PARTS):
        yield f"  without {part}", _product(book, PARTS - {part}), 1
    for name, make, slow in BASELINES:
        yield name, make(book, index), _EVERY if slow else 1


def _product(book: CodeBook, parts: frozenset[str]) -> Search:
    return lambda terms: [hit.code for hit in search(book, book.search_index, book.neighbours, terms, max(_TOPS), parts)]


def _table(book: CodeBook, title: str, queries: list[Asked]) -> None:
    print(f"\n{title}: {len(queries)}")
    print(f"{'':34}" + "".join(f"{f'R@{top}':>7}" for top in _TOPS) + f"{'median ms':>11}{'p95 ms':>8}")
    for name, find, every in _searches(book):
        chosen = queries[::every]
        ranks, took = _measure(find, chosen)
        recall = "".join(f"{sum(rank <= top for rank in ranks) / len(ranks):7.3f}" for top in _TOPS)
        note = f"  (every {every}th)" if every > 1 else ""
        print(f"{name:34}{recall}{median(took):11.1f}{sorted(took)[int(0.95 * len(took))]:8.1f}{note}", flush=True)


def _measure(find: Search, queries: list[Asked]) -> tuple[list[int], list[float]]:
    ranks, took = [], []
    for one in queries:
        start = time.perf_counter()
        found = find(one.terms)
        took.append(1000 * (time.perf_counter() - start))
        ranks.append(next((place for place, code in enumerate(found, 1) if code in one.codes), sys.maxsize))
    return ranks, took


def _by_code(book: CodeBook, queries: list[Asked]) -> None:
    """A gold code counts as found when one of its spans finds it: what a coder who reads the whole chart would see."""
    ranks, _ = _measure(_product(book, PARTS), queries)
    best: dict[tuple[str, int, str], int] = {}
    for one, rank in zip(queries, ranks, strict=True):
        key = (one.chart, one.group, one.tier)
        best[key] = min(rank, best.get(key, sys.maxsize))
    for tier in ("must", "may"):
        found = [rank for key, rank in best.items() if key[2] == tier]
        recall = " ".join(f"R@{top} {sum(rank <= top for rank in found) / len(found):.3f}" for top in _TOPS)
        print(f"gold codes by their best span, {tier}: {len(found)}: {recall}")


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
