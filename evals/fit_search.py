"""Fit the weights of search: ``python -m evals.fit_search SHARED`` prints cross-validated recall and writes the weights file.

The only thing learnt is one number for each figure, never a term. A listwise logistic fit: the right code's probability
among the units that search weighs anyway. Lines of an index and plain words have their own weights, because a line says in
which order its parts matter and a sentence does not. What the Alphabetic Index adds is fitted last, with the index imported
and all other weights held: importing it must add to what search finds without it.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from codebook.book import CodeBook
from codebook.search.embedder import PieceLsa
from codebook.search.index import Index, unit_of
from codebook.search.postings import Floats, Ints
from codebook.search.ranking import order, weigh
from codebook.search.vectors import build_vectors
from evals.index_home import bare_home, index_home
from evals.search_terms import Asked, index_terms, spans

_ON = date(2026, 6, 15)
_FOLDS = 4
_PENALTY = 3e-4
_SPANS_COUNT = 3
_TARGET = Path("codebook") / "data" / "search" / "weights.toml"
_HEAD = """# How much each figure of codebook/search counts: for lines of the Alphabetic Index and for plain words.
# Fitted by `python -m evals.fit_search`, never by hand: figures that overlap share their weight, so single signs mean little.
"""


# The weights of lines of an index (True) and of plain words.
_Weights = dict[bool, NDArray[np.float64]]


class Example(NamedTuple):
    """One question: the figures of the units weighed, which of them are right, and in which fold it is left out."""

    names: tuple[str, ...]
    values: Floats
    right: NDArray[np.bool_]
    index_of: Index
    units: Ints
    line: bool
    sided: bool
    span: bool
    fold: int


def main(shared: Path) -> None:
    """Fit, print what to expect on other terms, and write the weights."""
    with bare_home():
        without = _examples(shared)
    with index_home(shared, _ON):
        with_index = _examples(shared)
    names = without[0].names
    added = np.array([name.startswith("index_") for name in names])
    for title, span in (("index terms", False), ("gold spans", True)):
        ranks: dict[str, list[int]] = {"without the index": [], "with it": []}
        for fold in range(_FOLDS):
            fitted = _fit_both([one for one in without if one.fold != fold], ~added)
            more = _fit_added([one for one in with_index if one.fold != fold], added, fitted)
            for name, examples, weights in zip(ranks, (without, with_index), (fitted, more), strict=True):
                held_out = [one for one in examples if one.fold == fold and one.span == span]
                ranks[name] += [_rank(one, weights[one.line]) for one in held_out]
        for name, found in ranks.items():
            figures = " ".join(f"R@{top} {np.mean(np.array(found) <= top):.3f}" for top in (1, 5, 15, 50))
            print(f"{title}, {name}, left out of the fit: {figures}", flush=True)
    _write(names, _fit_added(with_index, added, _fit_both(without, ~added)))


def _examples(shared: Path) -> list[Example]:
    # Not the book that is kept open: that one has the index of another home.
    book = CodeBook.on(_ON)
    build_vectors(book.search_index, PieceLsa(book.search_index))
    asked = index_terms(shared) + spans(shared)
    return [example for number, one in enumerate(asked) if (example := _example(book, one, number)) is not None]


def _example(book: CodeBook, one: Asked, number: int) -> Example | None:
    index = book.search_index
    found = weigh(book.searched, one.terms)
    if found is None:
        return None
    right = {unit_of(book, index, code) for code in one.codes}
    return Example(
        names=tuple(found.figures),
        values=np.stack(list(found.figures.values())).astype(np.float32),
        right=np.isin(found.units, list(right)),
        index_of=index,
        units=found.units,
        line=found.asked.line,
        sided=bool(found.asked.sides),
        span=bool(one.chart),
        fold=sum((one.chart or str(number)).encode()) % _FOLDS if one.chart else number % _FOLDS,
    )


def _fit_both(examples: list[Example], free: NDArray[np.bool_]) -> _Weights:
    lines = [one for one in examples if one.line and not one.span]
    return {True: _fit(lines, free, np.zeros(len(free))), False: _fit(_plain(examples), free, np.zeros(len(free)))}


def _fit_added(examples: list[Example], free: NDArray[np.bool_], held: _Weights) -> _Weights:
    """With what the index adds: the same for lines and plain words, fitted on these alone. Lines of the very index that is
    imported would teach that whatever the index has is right."""
    plain = _fit(_plain(examples), free, held[False])
    return {False: plain, True: np.where(free, plain, held[True])}


def _plain(examples: list[Example]) -> list[Example]:
    return [one for one in examples if not one.line and not one.span] + [one for one in examples if one.span] * _SPANS_COUNT


def _fit(examples: list[Example], free: NDArray[np.bool_], held: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of all figures: those that are free fitted, the others as they are held."""
    scale = np.concatenate([one.values[free] for one in examples], axis=1).std(axis=1)
    scale[scale < 1e-6] = np.inf
    prepared = [(one.values[free] / scale[:, None], held @ one.values, one.right) for one in examples if one.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(weights)
        for values, given, right in prepared:
            scores = weights @ values + given
            shares = np.exp(scores - scores.max())
            total -= float(np.log(shares[right].sum() / shares.sum()))
            slope += values @ (shares / shares.sum() - np.where(right, shares / shares[right].sum(), 0))
        count = len(prepared)
        return total / count + _PENALTY * float(weights @ weights), slope / count + 2 * _PENALTY * weights

    fitted = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B", options={"maxiter": 80})
    weights = held.copy()
    weights[free] = fitted.x / scale
    return weights


def _rank(one: Example, weights: NDArray[np.float64]) -> int:
    places = order(one.index_of, one.units, (weights @ one.values).astype(np.float32), one.sided)
    return next((number for number, place in enumerate(places, 1) if one.right[place]), sys.maxsize)


def _write(names: tuple[str, ...], fitted: _Weights) -> None:
    text = _HEAD
    for table, line in (("line", True), ("plain", False)):
        text += f"\n[{table}]\n" + "".join(f"{name} = {value:.3f}\n" for name, value in zip(names, fitted[line], strict=True))
    _TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
