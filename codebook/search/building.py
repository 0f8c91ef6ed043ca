"""Building a search index: what documents say, counted, weighed and written as flat arrays into a folder."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path

import numpy as np

from codebook.search import phrases
from codebook.search.documents import Documents, plain_title
from codebook.search.grams import BUCKETS, fold, grams
from codebook.search.postings import Floats, Postings
from codebook.search.question import polarity
from codebook.store import Progress
from codebook.words import FILLER, Token, content, sides, tokens
from records.laterality import SIDES

_SIDE_BITS = {"left": 1, "right": 2, "bilateral": 4}
_CATEGORY = 3
UNSPECIFIED_BIT, OTHER_BIT, WITHOUT_BIT, WITH_BIT = 1, 2, 4, 8
# How much a word counts for a unit by where it stands: in the unit's own phrases, above it, in notes that widen it.
_OWN, _HEADING, _WIDENED, _BLOCK = 1.0, 0.9, 0.6, 0.5
_Stems = frozenset[str]


def write(made: Documents, folder: Path, progress: Progress) -> None:
    """Write all arrays; ``facts.json`` comes last."""
    progress("building the search index", 0)
    found = [tokens(fold(phrase.text)) for phrase in made.phrases]
    said = [content(one) for one in found]
    progress("building the search index", len(said))
    includes = [(unit, _stems(text)) for unit, text in made.includes]
    indexed = [_stems(phrase.text) for phrase in made.indexed]
    beside = [_stems(phrase.beside) - own for phrase, own in zip(made.indexed, indexed, strict=True)]
    vocabulary: dict[str, int] = {}
    for stems in (*said, *(stems for _, stems in includes), *indexed, *beside):
        for stem in sorted(stems):
            vocabulary.setdefault(stem, len(vocabulary))
    idf = _idf(made, said, indexed, vocabulary)
    units = len(made.codes)
    _save_units(made, folder, said, includes, vocabulary)
    phrases.save(folder, "said", made.phrases, (said, [frozenset()] * len(said)), vocabulary, idf, units)
    phrases.save(folder, "indexed", made.indexed, (indexed, beside), vocabulary, idf, units)
    _save_grams(folder, found, progress)
    np.save(folder / "idf.npy", idf)
    (folder / "facts.json").write_text(json.dumps({"vocabulary": list(vocabulary), "codes": made.codes}), "utf-8")


def _stems(text: str) -> _Stems:
    return content(tokens(fold(text)))


def _idf(made: Documents, said: Sequence[_Stems], indexed: Sequence[_Stems], vocabulary: Mapping[str, int]) -> Floats:
    """How telling a word is: seldom among codes and, what counts as much, seldom among categories."""
    categories: dict[int, set[str]] = defaultdict(set)
    units: dict[int, set[int]] = defaultdict(set)

    def count(unit: int, words: set[int]) -> None:
        for word in words:
            categories[word].add(made.codes[unit][:_CATEGORY])
            units[word].add(unit)

    for phrase, stems in zip(made.phrases, said, strict=True):
        count(phrase.unit, {vocabulary[stem] for stem in stems})
    # How telling a word is does not change with what is imported, but for words that only the index has.
    printed = frozenset(units)
    for phrase, stems in zip(made.indexed, indexed, strict=True):
        count(phrase.unit, {vocabulary[stem] for stem in stems} - printed)
    every = len({code[:_CATEGORY] for code in made.codes})
    values = [
        0.5 * log(1 + every / (len(categories[word]) + 0.5)) + 0.5 * log(1 + len(made.codes) / (len(units[word]) + 0.5))
        for word in range(len(vocabulary))
    ]
    return np.array(values, np.float32)


def _save_units(
    made: Documents,
    folder: Path,
    said: Sequence[_Stems],
    includes: Sequence[tuple[int, _Stems]],
    vocabulary: Mapping[str, int],
) -> None:
    own: dict[int, dict[int, float]] = defaultdict(dict)
    for phrase, stems in zip(made.phrases, said, strict=True):
        for stem in stems:
            own[phrase.unit][vocabulary[stem]] = _OWN
    for unit, stems in includes:
        for stem in stems:
            own[unit].setdefault(vocabulary[stem], _WIDENED)
    levels: list[int] = []
    whole: list[dict[int, float]] = []
    for unit, parent in enumerate(made.parents):
        levels.append(0 if parent < 0 else levels[parent] + 1)
        held = dict(own[unit])
        if parent >= 0:
            factor = _HEADING if not ("-" in made.codes[parent] or " " in made.codes[parent]) else _BLOCK
            for word, weight in whole[parent].items():
                held[word] = max(held.get(word, 0.0), weight * factor)
        whole.append(held)
    pairs = ((word, unit, weight) for unit, held in enumerate(whole) for word, weight in held.items())
    Postings.of(pairs, len(vocabulary), len(made.codes)).save(folder, "units")
    denied = (polarity(tokens(fold(plain_title(title))))[0] for title in made.titles)
    denying = ((vocabulary[stem], unit, 1.0) for unit, stems in enumerate(denied) for stem in stems)
    Postings.of(denying, len(vocabulary), len(made.codes)).save(folder, "denials")
    np.save(folder / "parents.npy", np.array(made.parents, np.int32))
    np.save(folder / "categories.npy", np.array(_categories(made), np.int32))
    np.save(folder / "groups.npy", np.array(_groups(made), np.int32))
    np.save(folder / "leaves.npy", np.flatnonzero(np.array(made.leaves)).astype(np.int32))
    np.save(folder / "levels.npy", np.array(levels, np.int32))
    np.save(folder / "marks.npy", np.array([_marks(title) for title in made.titles], np.int32))
    np.save(folder / "sides.npy", np.array([sum(_SIDE_BITS[s] for s in sides(tokens(t))) for t in made.titles], np.int32))


def _categories(made: Documents) -> list[int]:
    """The category of each unit, by number from 0 in the order of the book; chapters and blocks share the one before them."""
    number, found = -1, []
    for code in made.codes:
        number += len(code) == _CATEGORY
        found.append(max(number, 0))
    return found


def _groups(made: Documents) -> list[int]:
    """Units that differ from each other only in their side are one group, named by its first unit; most stand alone."""
    named: dict[tuple[int, frozenset[str]], int] = {}
    groups = list(range(len(made.codes)))
    plain: list[tuple[int, frozenset[str], frozenset[str]]] = []
    for unit, (title, parent) in enumerate(zip(made.titles, made.parents, strict=True)):
        found = tokens(title)
        words = frozenset(token.folded for token in found if token.folded not in FILLER and token.folded not in SIDES)
        if sides(found):
            groups[unit] = named.setdefault((parent, words), unit)
        else:
            plain.append((unit, words, words - {"unspecified"}))
    for unit, words, bare in plain:
        parent = made.parents[unit]
        groups[unit] = named.get((parent, words), named.get((parent, bare), unit))
    return groups


def _marks(title: str) -> int:
    folded = title.lower()
    marks = UNSPECIFIED_BIT if "unspecified" in folded or " nos" in folded else 0
    marks |= OTHER_BIT if folded.startswith("other ") or "other specified" in folded or ", other" in folded else 0
    marks |= WITHOUT_BIT if "without" in folded else 0
    return marks | (WITH_BIT if " with " in folded else 0)


def _save_grams(folder: Path, found: list[list[Token]], progress: Progress) -> None:
    pieces, times, lengths = array("i"), array("f"), array("i")
    for row, one in enumerate(found):
        counted = grams(token.folded for token in one)
        pieces.extend(counted)
        times.extend(counted.values())
        lengths.append(len(counted))
        if row % 20000 == 0:
            progress("building the search index", row)
    words = np.frombuffer(pieces, np.int32)
    rows = np.repeat(np.arange(len(found), dtype=np.int32), np.frombuffer(lengths, np.int32))
    frequency = np.bincount(words, minlength=BUCKETS)
    idf = np.where(frequency > 0, np.log1p(len(found) / np.maximum(frequency, 1)), 0).astype(np.float32)
    weights = (1 + np.log(np.frombuffer(times, np.float32))) * idf[words]
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=len(found)))
    weights = (weights / np.maximum(norms[rows], 1e-9)).astype(np.float32)
    order = np.argsort(words, kind="stable")
    starts = np.concatenate([[0], np.cumsum(frequency)]).astype(np.int32)
    Postings(starts, rows[order], weights[order], len(found)).save(folder, "grams")
    np.save(folder / "gram-idf.npy", idf)
