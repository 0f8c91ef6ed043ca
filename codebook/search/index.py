"""The search index of a release: flat arrays in one folder of the cache, built once, complete or absent, then only mapped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import numpy as np

from codebook import alphabetic, places, pruning
from codebook.search.building import write
from codebook.search.documents import Documents, documents
from codebook.search.phrases import Phrases, mapped
from codebook.search.postings import Floats, Ints, Postings
from codebook.store import Progress, silent
from codebook.synonyms import synonyms_sha256
from codebook.tabular import TabularList

# Raise it when what is stored changes.
FORMAT = 6


class Index:
    """Everything search needs of a release, mapped from its folder.

    ``said`` are the phrases of the book and the synonym list, ``indexed`` those of the Alphabetic Index: none when none is held.
    """

    def __init__(self, folder: Path) -> None:
        facts = json.loads((folder / "facts.json").read_text("utf-8"))
        self.folder = folder
        self.vocabulary: dict[str, int] = {word: number for number, word in enumerate(facts["vocabulary"])}
        self.by_initial: dict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            self.by_initial[word[0]].append(word)
        self.codes: list[str] = facts["codes"]
        self.places: dict[str, int] = {code: place for place, code in enumerate(self.codes)}
        units = len(self.codes)
        self.parents: Ints = mapped(folder / "parents.npy")
        self.leaves: Ints = mapped(folder / "leaves.npy")
        self.groups: Ints = mapped(folder / "groups.npy")
        self.categories: Ints = mapped(folder / "categories.npy")
        self.is_leaf = np.zeros(units, bool)
        self.is_leaf[self.leaves] = True
        self.levels: Ints = mapped(folder / "levels.npy")
        self.marks: Ints = mapped(folder / "marks.npy")
        self.sides: Ints = mapped(folder / "sides.npy")
        self.idf: Floats = mapped(folder / "idf.npy")
        self.gram_idf: Floats = mapped(folder / "gram-idf.npy")
        self.said = Phrases(folder, "said")
        self.indexed = Phrases(folder, "indexed")
        self.words_of_units = Postings.load(folder, "units", units)
        self.denials = Postings.load(folder, "denials", units)
        self.grams_of_said = Postings.load(folder, "grams", len(self.said))

    def children(self, unit: int) -> list[int]:
        """The units right below one: they follow it in the book, and end where its level comes again."""
        level, found, place = int(self.levels[unit]), [], unit + 1
        while place < len(self.codes) and self.levels[place] > level:
            if self.parents[place] == unit:
                found.append(place)
            place += 1
        return found


def unit_of(book: TabularList, index: Index, code: str) -> int:
    """The unit of a code of the book: for one that a 7th character completes, the code it completes."""
    found = index.places.get(code)
    if found is not None:
        return found
    entry = book.entry(code)
    assert entry is not None
    return index.places[entry.path[-1]]


def load(book: TabularList, progress: Progress = silent) -> Index:
    """The index of a book's release: from the cache folder, else built and put there."""
    folder = places.cache() / f"search-{_identity(book)}"
    if not (folder / "facts.json").exists():
        _build(documents(book), folder, progress)
    pruning.used(folder)
    try:
        return Index(folder)
    except (OSError, EOFError, ValueError, KeyError):
        # Damaged: it is made of what is held, so it is made again.
        shutil.rmtree(folder)
        _build(documents(book), folder, progress)
        return Index(folder)


def _identity(book: TabularList) -> str:
    words = files("codebook").joinpath("data", "words.toml").read_bytes() + files("codebook").joinpath("words.py").read_bytes()
    parts = (book.release.sha256, alphabetic.identity(book), synonyms_sha256(), hashlib.sha256(words).hexdigest(), str(FORMAT))
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def _build(made: Documents, folder: Path, progress: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix="search-", suffix=".part"))
    try:
        write(made, part, progress)
        os.replace(part, folder)
    except OSError:
        # Another process was faster: its folder is as good as this one.
        if not (folder / "facts.json").exists():
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
