"""The code book of a date: does a code exist, what does the book say of it, and which codes do words lead to."""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from codebook import alphabetic, holdings, shelf, specify, spotting, store, terms
from codebook import search as searching
from codebook.release import BookError, Release
from codebook.support import Support, Supports
from codebook.tabular import TabularList

__all__ = ["BookError", "CodeBook", "open_book"]


class CodeBook(TabularList):
    """The Tabular List of a date with all that is worked out of it: spotting, search, support. Each is made when first needed."""

    @classmethod
    def on(cls, on: date, progress: store.Progress = store.silent) -> CodeBook:
        """The book of that date, see ``open_book``."""
        path, release = shelf.choose(on, progress)
        return cls(path, release, release.in_force(on))

    def specify(self, code: str, words: str) -> str:
        """The billable code below a heading that the words ask for, else its unspecified one, else the heading itself."""
        return specify.specify(self, code, specify.Context.of_text(words))

    def spot(self, text: str, known: str = "") -> list[spotting.Mention]:
        """Every term of the book, the synonym list and the Alphabetic Index in a text, in its order, with the codes it leads to.

        ``known`` is what else is known of the patient and may tell one code from another ("female").
        """
        return spotting.spot(self, self.terms, text, known)

    def support(self, code: str, texts: tuple[str, ...]) -> Support:
        """Whether the words of these texts, together, support a code, and which neighbour they fit better."""
        return self._supports.judge(code, texts)

    @cached_property
    def _supports(self) -> Supports:
        return Supports(self)

    def search(self, terms: str, limit: int = 15) -> list[searching.Hit]:
        """Billable codes that words lead to, best first. It only helps to find: a miss does not mean that there is no code."""
        return searching.search(self.searched, terms, limit)

    @property
    def searched(self) -> searching.Searched:
        """What search looks through."""
        return searching.Searched(self, self.terms, self.search_index, self.neighbours)

    @cached_property
    def search_index(self) -> searching.Index:
        """The release's search index, mapped when first needed; built first when it is not in the cache."""
        return searching.load(self)

    @cached_property
    def neighbours(self) -> searching.Neighbours:
        """The vectors beside the search index; its ``notice`` says so when search has to do without them."""
        return searching.Neighbours(self.search_index)

    @property
    def search_notice(self) -> str:
        """What an answer of search must say of how it was found; empty when there is nothing to say."""
        return "; ".join(notice for notice in (self.index_notice, self.neighbours.notice) if notice)

    @cached_property
    def index_notice(self) -> str:
        """What must be said of whatever the Alphabetic Index helped to find: which other year it is of; empty for the same."""
        older = ", ".join(release.id for release in alphabetic.older(self))
        return f"found with the help of an index of another year ({older}), which decides nothing" if older else ""

    @cached_property
    def terms(self) -> terms.TermTable:
        """The release's term table, read when first needed."""
        return terms.load(self)


@lru_cache(maxsize=16)
def _opened(path: Path, release: Release, in_force: bool, changed: int) -> CodeBook:
    """``changed``: an Alphabetic Index that is imported later is part of what a book opened after it works out."""
    return CodeBook(path, release, in_force)


def open_book(on: date, progress: store.Progress = store.silent) -> CodeBook:
    """The book of a date: the release in force on it, else the latest held from before it. BookError when there is none.

    All dates in force share one book, for what it has worked out serves each of them. A missing packaged release is built
    first, which takes some seconds and is reported to ``progress`` (what is done, how many so far).
    """
    path, release = shelf.choose(on, progress)
    return _opened(path, release, release.in_force(on), holdings.changed())
