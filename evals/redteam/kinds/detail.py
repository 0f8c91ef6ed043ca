"""Detail that is not the chart's: another side, another encounter, a neighbour, more than is said, or less."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codebook.book import CodeBook
from evals.redteam.clean import Item
from evals.redteam.seed import Bench, Seeded, swapped

_OTHER_SIDE = {"left": "right", "right": "left"}
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_MORE = re.compile(r" due to | with | in | following |\bacute\b|\bchronic\b|\bsevere\b", re.IGNORECASE)
_ENCOUNTERS = {"A": "DS", "B": "DS", "D": "AS", "G": "AS", "K": "AS", "P": "AS", "S": "AD"}


def wrong_side(bench: Bench) -> Iterator[Seeded]:
    """The code of the other side: the same title with left and right changed."""
    for item in bench.shuffled(bench.clean.items):
        entry = bench.clean.book.entry(item.code)
        if entry is None or len(_SIDE.findall(entry.description)) != 1:
            continue
        mirrored = _SIDE.sub(lambda found: _OTHER_SIDE[found.group().lower()], entry.description)
        for code in _neighbours(bench.clean.book, item.code, 2):
            other = bench.clean.book.entry(code)
            if other is not None and other.description.lower() == mirrored.lower() and code not in bench.clean.right:
                yield swapped(bench, item, code)
                break


def wrong_encounter(bench: Bench) -> Iterator[Seeded]:
    """The code with the 7th character of another encounter."""
    for item in bench.shuffled(bench.clean.items):
        entry = bench.clean.book.entry(item.code)
        if entry is None or not entry.seventh_characters:
            continue
        for character in bench.shuffled(_ENCOUNTERS.get(item.code[-1], "")):
            code = item.code[:-1] + character
            if bench.clean.book.entry(code) is not None and code not in bench.clean.right:
                yield swapped(bench, item, code)
                break


def sibling(bench: Bench) -> Iterator[Seeded]:
    """Another code under the same heading."""
    for item in bench.shuffled(bench.clean.items):
        for code in bench.shuffled(_siblings(bench, item))[:2]:
            yield swapped(bench, item, code)


def upcode(bench: Bench) -> Iterator[Seeded]:
    """A code of the same category that says a cause, a complication or a course."""
    for item in bench.shuffled(bench.clean.items):
        own = _title(bench.clean.book, item.code)
        found = [
            code
            for code in _neighbours(bench.clean.book, item.code, 9)
            if code not in bench.clean.right
            and (title := _title(bench.clean.book, code)) != own
            and _MORE.search(title.replace(own, ""))
            and "unspecified" not in title
            and "without" not in title
        ]
        for code in bench.shuffled(found)[:2]:
            yield swapped(bench, item, code)


def unspecified(bench: Bench) -> Iterator[Seeded]:
    """The unspecified neighbour of a code that says more."""
    for item in bench.shuffled(bench.clean.items):
        if "unspecified" in _title(bench.clean.book, item.code):
            continue
        found = [code for code in _siblings(bench, item) if "unspecified" in _title(bench.clean.book, code)]
        if found:
            yield swapped(bench, item, found[0])


def _siblings(bench: Bench, item: Item) -> list[str]:
    return [code for code in _neighbours(bench.clean.book, item.code, 1) if code not in bench.clean.right]


def _neighbours(book: CodeBook, code: str, levels: int) -> list[str]:
    """The billable codes below the heading that many levels above, with the code's own 7th character, but not the code."""
    entry = book.entry(code)
    if entry is None:
        return []
    ending = code[-1] if entry.seventh_characters and entry.billable else ""
    above = [one for one in entry.path if len(one) >= 3 and "-" not in one and " " not in one]
    if ending:
        above = above[:-1]
    if not above:
        return []
    top = above[max(0, len(above) - levels)]
    return [one for one in _below(book, top, ending) if one != code]


def _below(book: CodeBook, heading: str, ending: str) -> Iterator[str]:
    entry = book.entry(heading)
    for child in entry.children if entry is not None else ():
        below = book.entry(child)
        if below is None:
            continue
        if below.billable and not (ending and below.seventh_characters and not child.endswith(ending)):
            yield child
        elif not below.billable:
            yield from _below(book, child, ending)


def _title(book: CodeBook, code: str) -> str:
    entry = book.entry(code)
    return entry.description.lower() if entry is not None else ""
