"""What a 7th character says of a fracture or wound: open, nonunion, malunion, delayed healing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from codebook.support.neighbours import BEST_AT_MOST
from codebook.support.said import Said
from codebook.support.titles import Titles

_OPEN = re.compile(r"\b(?:open|compound)\b(?!\s+reduction)|gustilo|through the skin", re.IGNORECASE)
_LATE = {
    word: re.compile(form, re.IGNORECASE)
    for word, form in {
        "nonunion": r"non-?\s?union|pseudarthrosis",
        "malunion": r"mal-?\s?union",
        "delayed": r"delayed (?:healing|union)",
    }.items()
}


def unsaid_of(ending: str, said: Said) -> tuple[str, ...]:
    """What the meaning of a 7th character says and the words do not."""
    meaning = ending.lower()
    left = ["open"] if "open" in meaning and not _OPEN.search(said.text) else []
    return (*left, *(word for word, form in _LATE.items() if word in meaning and not form.search(said.text)))


def better_endings(titles: Titles, code: str, base: str, endings: Mapping[str, str], said: Said) -> list[str]:
    """The completions that say "open", "nonunion" and the like, where the words do and the code does not."""
    own = endings.get(code[-1], "").lower()
    told = ["open"] if "open" not in own and _OPEN.search(said.text) else []
    told += [word for word, form in _LATE.items() if word not in own and form.search(said.text)]
    same_encounter = [word for word in ("initial", "subsequent", "sequela") if word in own]
    found = []
    for character, ending in endings.items():
        words = ending.lower()
        if any(word in words for word in told) and (told != ["open"] or all(word in words for word in same_encounter)):
            found.append(completed(titles, base, character))
    return [done for done in found if done][:BEST_AT_MOST]


def completed(titles: Titles, base: str, character: str) -> str:
    """The code with a 7th character; empty when the book has no such code."""
    bare = base.replace(".", "").ljust(6, "X")
    done = f"{bare[:3]}.{bare[3:6]}{character}"
    return done if titles.book.entry(done) is not None else ""
