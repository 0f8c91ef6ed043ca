"""The side a code says, and the codes that differ by nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codebook.tabular import TabularList
from codebook.words import FILLER, stem

_CATEGORY = 3
_NAMED = re.compile(r"\b(left|right|bilateral)\b")
_UNNAMED = re.compile(r"\b(unspecified \w+)\b(?!.*\bunspecified \w)")


@dataclass(frozen=True)
class Mirrored:
    """A code's side and the codes that say the same of another side; empty where the classification has none."""

    side: str = ""
    left: str = ""
    right: str = ""
    bilateral: str = ""
    unspecified: str = ""


def mirrored(book: TabularList, code: str) -> Mirrored:
    """The codes of the same condition that differ by side alone, with the side this one says."""
    key = (book.release.id, code)
    if key not in _MIRRORED:
        _MIRRORED[key] = _mirror(book, code)
    return _MIRRORED[key]


_MIRRORED: dict[tuple[str, str], Mirrored] = {}


def _mirror(book: TabularList, code: str) -> Mirrored:
    entry = book.entry(code)
    if entry is None:
        return Mirrored()
    own = _split(entry.description)
    if own is None:
        return Mirrored()
    held = {"left": "", "right": "", "bilateral": "", "unspecified": ""}
    for sibling in (code, *_candidates(book, code)):
        other = book.entry(sibling)
        split = _split(other.description) if other is not None and other.billable == entry.billable else None
        if split is not None and _same(own, split, entry.description) and not held[split[0]]:
            held[split[0]] = sibling
    side = own[0] if held["left"] or held["right"] else ""
    if side in ("left", "right") and not held["left" if side == "right" else "right"]:
        return Mirrored()
    return Mirrored(side=side, **held)


def _same(own: tuple[str, str], other: tuple[str, str], description: str) -> bool:
    """Whether two titles differ by side alone. "Cataract, bilateral" stands beside "cataract, right eye": both sides of what is
    paired need no name."""
    if own[1] == other[1]:
        return True
    site = site_of(description)
    unnamed = other[0] == "bilateral" and own[0] in ("left", "right") and bool(site)
    return unnamed and set(other[1].split()) == set(own[1].split()) - {stem(site)}


def _candidates(book: TabularList, code: str) -> tuple[str, ...]:
    """Codes with one character changed at the places where the classification writes the side, and those near by.

    Both sides may be a heading's neighbour (M17.0) where each side is below it (M17.11).
    """
    found = []
    for place in range(len(code) - 1, 3, -1):
        if code[place] in "123490":
            found += [code[:place] + digit + code[place + 1 :] for digit in "1234590" if digit != code[place]]
    return tuple(dict.fromkeys(one for one in (*found, *_near(book, code)) if book.entry(one) is not None))


def _near(book: TabularList, code: str) -> list[str]:
    entry = book.entry(code)
    parent = book.entry(entry.path[-1]) if entry and entry.path else None
    above = book.entry(parent.path[-1]) if parent and parent.path else None
    if entry is None or parent is None or above is None or len(parent.code) < _CATEGORY or entry.seventh_characters:
        return []
    beside = [*parent.children, *(above.children if above.code[0] == code[0] and "-" not in above.code else ())]
    below = [child for one in parent.children if (heading := book.entry(one)) is not None for child in heading.children]
    return [one for one in (*beside, *below) if one != code]


def _split(description: str) -> tuple[str, str] | None:
    """The side a title says and the title without it; None when it says none."""
    title = description.lower()
    found = _NAMED.search(title) or _UNNAMED.search(title)
    if found is None:
        # "Pain in arm, unspecified" beside "Pain in left arm".
        bare = title.removesuffix(", unspecified")
        return ("unspecified", _plain(bare)) if bare != title else None
    side = found.group(1)
    if not side.startswith("unspecified"):
        rest = _plain(title[: found.start()] + title[found.end() :])
        return side, rest
    noun = side.removeprefix("unspecified ")
    kept = "" if noun == "side" else f" {noun}"
    return "unspecified", _plain(title[: found.start()] + kept + title[found.end() :])


def _plain(title: str) -> str:
    """The title in words that do not change with number, order or punctuation."""
    words = {stem(word) for word in re.findall(r"[a-z0-9]+", title) if word not in FILLER and word != "unilateral"}
    return " ".join(sorted(words))


def site_of(description: str) -> str:
    """The part of the body a title names beside its side ("left foot": foot); empty when it names none."""
    found = _NAMED.search(description.lower())
    if found is None:
        return ""
    words = re.findall(r"[a-z]+", description[found.end() :].split(",")[0].lower())
    return words[-1] if words else ""
