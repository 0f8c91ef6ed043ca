"""Whether what is said reaches a code, and what of its title is left unsaid."""

from __future__ import annotations

from codebook.claims import Clause
from codebook.support.said import Said
from codebook.support.titles import CATEGORY, Described, Titles

TELLING = 0.35
_ENOUGH = 0.5
_LONG = 7
_EVENTS = "VWXY"
_COURSE = ("acut", "chronic", "subacut", "recurr", "persist")


def unsaid(titles: Titles, code: Described, said: Said) -> frozenset[str] | None:
    """The words of the title that nothing said speaks of; None when what is said is about something else."""
    if said.names(code):
        return frozenset()
    covered = said.covered | said.headings(code.code)
    if not code.title.words & covered:
        return None
    if code.code[0] in _EVENTS:
        # Events are told, not named: one word of the title, or of what stands above it, is all a story has.
        told = code.vocabulary.union(*(above.title.words for above in titles.above(code.code)))
        return frozenset() if titles.weight(told & covered) >= TELLING else None
    covered |= code.shared
    abbreviated = titles.abbreviations(code.code[:CATEGORY])
    covered = covered.union(*(abbreviated.get(one, ()) for one in said.abbreviations))
    covered |= {word for word in code.title.words - covered if _ends_in(word, said)}
    clauses = (*code.title.clauses, *(Clause((step,)) for step in code.steps), *_courses(code))
    return frozenset[str]().union(*(clause.words - covered for clause in clauses if not _holds(titles, clause, covered)))


def _courses(code: Described) -> list[Clause]:
    """How the condition goes, where a code below a heading says it and the heading does not: no other word speaks for it."""
    said = frozenset[str]().union(*code.steps)
    return [Clause((frozenset({course}),)) for course in _COURSE if course in said]


def _ends_in(word: str, said: Said) -> bool:
    """Whether the word is a longer name of something said, as mononeuropathy is of neuropathy."""
    return any(len(one) >= _LONG and word.endswith(one) for one in said.words)


def _holds(titles: Titles, clause: Clause, covered: frozenset[str]) -> bool:
    return any(titles.weight(words & covered) >= _ENOUGH * titles.weight(words) for words in clause.alternatives)
