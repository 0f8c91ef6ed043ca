"""Fit the weights of search: ``python -m evals.fit_search SHARED`` prints cross-validated recall and writes the weights file.

The only thing learnt is one number for each figure, never a term. A listwise logistic fit: the right code's probability
among the units that search weighs anyway. Lines of an index and plain words have their own weights, because a line says in
which order its parts matter and a sentence does not.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from codebook.book import CodeBook, open_book
from codebook.search.embedder import PieceLsa
from codebook.search.ranking import Weighed, order, weigh
from codebook.search.vectors import build_vectors
from evals.search_terms import Asked, index_terms, spans

_ON = date(2026, 6, 15)
_FOLDS = 4
_PENALTY = 3e-4
_SPANS_COUNT = 3
_TARGET = Path("codebook") / "data" / "search" / "weights.toml"
_HEAD = """# How much each figure of codebook/search counts: for lines of the Alphabetic Index and for plain words.
# Fitted by `python -m evals.fit_search`, never by hand: figures that overlap share their weight, so single signs mean little.
"""


class Example(NamedTuple):
    """One question: the figures of the units weighed, which of them are right, and in which fold it is left out."""

    names: tuple[str, ...]
    values: NDArray[np.float64]
    right: NDArray[np.bool_]
    found: Weighed
    span: bool
    fold: int


def main(shared: Path) -> None:
    """Fit, print what to expect on other terms, and write the weights."""
    book = open_book(_ON)
    build_vectors(book.search_index, PieceLsa(book.search_index))
    asked = index_terms(shared) + spans(shared)
    examples = [example for number, one in enumerate(asked) if (example := _example(book, one, number)) is not None]
    for name, chosen in (("index terms", False), ("gold spans", True)):
        ranks = []
        for fold in range(_FOLDS):
            fitted = _fit_both([one for one in examples if one.fold != fold])
            held_out = [one for one in examples if one.fold == fold and one.span == chosen]
            ranks += [_rank(book, one, fitted[one.found.line]) for one in held_out]
        figures = " ".join(f"R@{top} {np.mean(np.array(ranks) <= top):.3f}" for top in (1, 5, 15, 50))
        print(f"{name}, left out of the fit: {figures}")
    fitted = _fit_both(examples)
    _write(examples[0].names, fitted)


def _example(book: CodeBook, one: Asked, number: int) -> Example | None:
    index = book.search_index
    found = weigh(book, index, book.neighbours, one.terms)
    if found is None:
        return None
    right = {index.places[code] if code in index.places else index.places[_above(book, code)] for code in one.codes}
    return Example(
        names=tuple(found.figures),
        values=np.stack(list(found.figures.values())).astype(np.float64),
        right=np.isin(found.units, list(right)),
        found=found._replace(figures={}),
        span=bool(one.chart),
        fold=sum((one.chart or str(number)).encode()) % _FOLDS if one.chart else number % _FOLDS,
    )


def _above(book: CodeBook, code: str) -> str:
    entry = book.entry(code)
    assert entry is not None, code
    return entry.path[-1]


def _fit_both(examples: list[Example]) -> dict[bool, NDArray[np.float64]]:
    lines = [one for one in examples if one.found.line and not one.span]
    plain = [one for one in examples if not one.found.line and not one.span]
    found_in_charts = [one for one in examples if one.span]
    return {True: _fit(lines), False: _fit(plain + found_in_charts * _SPANS_COUNT)}


def _fit(examples: list[Example]) -> NDArray[np.float64]:
    scale = np.concatenate([one.values for one in examples], axis=1).std(axis=1)
    scale[scale < 1e-6] = np.inf
    prepared = [(one.values / scale[:, None], one.right) for one in examples if one.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(weights)
        for values, right in prepared:
            scores = weights @ values
            shares = np.exp(scores - scores.max())
            total -= float(np.log(shares[right].sum() / shares.sum()))
            slope += values @ (shares / shares.sum() - np.where(right, shares / shares[right].sum(), 0))
        count = len(prepared)
        return total / count + _PENALTY * float(weights @ weights), slope / count + 2 * _PENALTY * weights

    fitted = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B", options={"maxiter": 80})
    return np.asarray(fitted.x / scale)


def _rank(book: CodeBook, one: Example, weights: NDArray[np.float64]) -> int:
    places = order(book.search_index, one.found, (weights @ one.values).astype(np.float32))
    return next((number for number, place in enumerate(places, 1) if one.right[place]), sys.maxsize)


def _write(names: tuple[str, ...], fitted: dict[bool, NDArray[np.float64]]) -> None:
    text = _HEAD
    for table, line in (("line", True), ("plain", False)):
        text += f"\n[{table}]\n" + "".join(f"{name} = {value:.3f}\n" for name, value in zip(names, fitted[line], strict=True))
    _TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
