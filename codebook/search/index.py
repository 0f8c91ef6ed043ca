"""The search index of a release: flat arrays in one folder of the cache, built once, complete or absent, then only mapped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from array import array
from collections import defaultdict
from importlib.resources import files
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from codebook import alphabetic, places, pruning
from codebook.search.documents import ALPHABETIC, Documents, documents
from codebook.search.grams import BUCKETS, fold, grams
from codebook.search.postings import Floats, Ints, Postings
from codebook.store import Progress, silent
from codebook.synonyms import synonyms_sha256
from codebook.words import FILLER, SIDES, Token, content, sides, tokens

if TYPE_CHECKING:
    from codebook.book import CodeBook

# Raise it when what is stored changes.
FORMAT = 4
_SIDE_BITS = {"left": 1, "right": 2, "bilateral": 4}
_CATEGORY = 3
UNSPECIFIED_BIT, OTHER_BIT, WITHOUT_BIT, WITH_BIT = 1, 2, 4, 8
# How much a word counts for a unit by where it stands: in the unit's own phrases, above it, in notes that widen it.
_OWN, _HEADING, _WIDENED, _BLOCK = 1.0, 0.9, 0.6, 0.5


class Index:
    """Everything search needs of a release, mapped from its folder."""

    def __init__(self, folder: Path) -> None:
        facts = json.loads((folder / "facts.json").read_text("utf-8"))
        self.folder = folder
        self.vocabulary: dict[str, int] = {word: number for number, word in enumerate(facts["vocabulary"])}
        self.by_initial: dict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            self.by_initial[word[0]].append(word)
        self.codes: list[str] = facts["codes"]
        self.places: dict[str, int] = {code: place for place, code in enumerate(self.codes)}
        units, phrases = len(self.codes), facts["phrases"]
        self.parents: Ints = _map(folder / "parents.npy")
        self.leaves: Ints = _map(folder / "leaves.npy")
        self.groups: Ints = _map(folder / "groups.npy")
        self.categories: Ints = _map(folder / "categories.npy")
        self.is_leaf = np.zeros(units, bool)
        self.is_leaf[self.leaves] = True
        self.levels: Ints = _map(folder / "levels.npy")
        self.marks: Ints = _map(folder / "marks.npy")
        self.sides: Ints = _map(folder / "sides.npy")
        self.idf: Floats = _map(folder / "idf.npy")
        self.gram_idf: Floats = _map(folder / "gram-idf.npy")
        self.phrase_units: Ints = _map(folder / "phrase-units.npy")
        self.phrase_kinds: Ints = _map(folder / "phrase-kinds.npy")
        self.phrase_mass: Floats = _map(folder / "phrase-mass.npy")
        self.first_phrases: Ints = _map(folder / "first-phrases.npy")
        self.words_of_phrases = Postings.load(folder, "phrases", phrases)
        self.words_of_units = Postings.load(folder, "units", units)
        self.grams_of_phrases = Postings.load(folder, "grams", phrases)
        self._texts = _map(folder / "texts.npy")
        self._text_starts: Ints = _map(folder / "text-starts.npy")

    def children(self, unit: int) -> list[int]:
        """The units right below one: they follow it in the book, and end where its level comes again."""
        level, found, place = int(self.levels[unit]), [], unit + 1
        while place < len(self.codes) and self.levels[place] > level:
            if self.parents[place] == unit:
                found.append(place)
            place += 1
        return found

    def phrases_of(self, units: Ints) -> tuple[Ints, Ints]:
        """The phrases of several units one after the other, and where each unit's begin. The title is a unit's first."""
        low = self.first_phrases[units]
        counts = self.first_phrases[units + 1] - low
        starts = np.cumsum(counts) - counts
        return (np.arange(int(counts.sum())) - np.repeat(starts - low, counts)).astype(np.int32), starts.astype(np.int32)

    def phrase(self, number: int) -> str:
        """The words of a phrase."""
        low, high = self._text_starts[number], self._text_starts[number + 1]
        return bytes(self._texts[low:high]).decode("utf-8")


def _map(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[Any]]:
    """A stored array as the system maps it; the plain type, because the mapped one is slow to slice."""
    return np.asarray(np.load(path, mmap_mode="r"))


def load(book: CodeBook, progress: Progress = silent) -> Index:
    """The index of a book's release: from the cache folder, else built and put there."""
    folder = places.cache() / f"search-{_identity(book)}"
    if not (folder / "facts.json").exists():
        _build(documents(book), folder, progress)
    pruning.used(folder)
    return Index(folder)


def _identity(book: CodeBook) -> str:
    words = files("codebook").joinpath("data", "words.toml").read_bytes() + files("codebook").joinpath("words.py").read_bytes()
    parts = (book.release.sha256, alphabetic.identity(book), synonyms_sha256(), hashlib.sha256(words).hexdigest(), str(FORMAT))
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def _build(made: Documents, folder: Path, progress: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix="search-", suffix=".part"))
    try:
        _write(made, part, progress)
        os.replace(part, folder)
    except OSError:
        # Another process was faster: its folder is as good as this one.
        if not (folder / "facts.json").exists():
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(made: Documents, folder: Path, progress: Progress) -> None:
    progress("building the search index", 0)
    made.phrases.sort(key=lambda phrase: (phrase.unit, phrase.kind))
    found = [tokens(fold(phrase.text)) for phrase in made.phrases]
    words = [content(one) for one in found]
    vocabulary: dict[str, int] = {}
    for stems in words:
        for stem in sorted(stems):
            vocabulary.setdefault(stem, len(vocabulary))
    progress("building the search index", len(words))
    beside = [content(tokens(fold(phrase.beside))) - own for phrase, own in zip(made.phrases, words, strict=True)]
    includes = [(unit, content(tokens(fold(text)))) for unit, text in made.includes]
    for stems in (*beside, *(stems for _, stems in includes)):
        for stem in sorted(stems):
            vocabulary.setdefault(stem, len(vocabulary))
    idf = _idf(made, words, vocabulary)
    _save_units(made, folder, words, includes, vocabulary)
    _save_phrases(made, folder, words, beside, vocabulary, idf)
    _save_grams(folder, found, progress)
    np.save(folder / "idf.npy", idf)
    _save_texts(made, folder)
    facts = {"vocabulary": list(vocabulary), "codes": made.codes, "phrases": len(words)}
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")


def _idf(made: Documents, words: list[frozenset[str]], vocabulary: dict[str, int]) -> Floats:
    """How telling a word is: seldom among codes and, what counts as much, seldom among categories."""
    kinds = [phrase.kind for phrase in made.phrases]
    printed = {vocabulary[stem] for kind, stems in zip(kinds, words, strict=True) if kind != ALPHABETIC for stem in stems}
    categories: dict[int, set[str]] = defaultdict(set)
    units: dict[int, set[int]] = defaultdict(set)
    for phrase, stems in zip(made.phrases, words, strict=True):
        # How telling a word is does not change with what is imported, but for words that only the index has.
        for stem in stems if phrase.kind != ALPHABETIC else [stem for stem in stems if vocabulary[stem] not in printed]:
            categories[vocabulary[stem]].add(made.codes[phrase.unit][:3])
            units[vocabulary[stem]].add(phrase.unit)
    every = len({code[:3] for code in made.codes})
    values = [
        0.5 * log(1 + every / (len(categories[word]) + 0.5)) + 0.5 * log(1 + len(made.codes) / (len(units[word]) + 0.5))
        for word in range(len(vocabulary))
    ]
    return np.array(values, np.float32)


def _save_units(
    made: Documents,
    folder: Path,
    words: list[frozenset[str]],
    includes: list[tuple[int, frozenset[str]]],
    vocabulary: dict[str, int],
) -> None:
    own: dict[int, dict[int, float]] = defaultdict(dict)
    for phrase, stems in zip(made.phrases, words, strict=True):
        for stem in stems:
            if phrase.kind != ALPHABETIC:
                own[phrase.unit][vocabulary[stem]] = _OWN
            else:
                own[phrase.unit].setdefault(vocabulary[stem], _WIDENED)
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


def _save_phrases(
    made: Documents,
    folder: Path,
    words: list[frozenset[str]],
    beside: list[frozenset[str]],
    vocabulary: dict[str, int],
    idf: Floats,
) -> None:
    # Words that may stand beside a phrase answer as its own do, but nobody need say them: they have no part in its mass.
    pairs = ((vocabulary[stem], row, 1.0) for row, own in enumerate(words) for stem in own | beside[row])
    Postings.of(pairs, len(vocabulary), len(words)).save(folder, "phrases")
    mass = [sum(float(idf[vocabulary[stem]]) for stem in stems) for stems in words]
    np.save(folder / "phrase-mass.npy", np.array(mass, np.float32))
    units = np.array([phrase.unit for phrase in made.phrases], np.int32)
    np.save(folder / "phrase-units.npy", units)
    np.save(folder / "phrase-kinds.npy", np.array([phrase.kind for phrase in made.phrases], np.int8))
    # Every unit has its title, so the first phrase of each unit is where the unit changes, and it is the title.
    first = np.flatnonzero(np.concatenate([[True], units[1:] != units[:-1], [True]])).astype(np.int32)
    np.save(folder / "first-phrases.npy", first)


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


def _save_texts(made: Documents, folder: Path) -> None:
    encoded = [phrase.text.encode() for phrase in made.phrases]
    np.save(folder / "text-starts.npy", np.concatenate([[0], np.cumsum([len(text) for text in encoded])]).astype(np.int32))
    np.save(folder / "texts.npy", np.frombuffer(b"".join(encoded), np.uint8))
