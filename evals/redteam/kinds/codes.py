"""Codes that are no codes: invented, deleted, headings, and 7th characters that are missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator

from evals.redteam.data import table
from evals.redteam.seed import Bench, Seeded, swapped

_ENDINGS = "ZYQW987"


def invented(bench: Bench) -> Iterator[Seeded]:
    """A code of the right category that the book does not have."""
    for item in bench.shuffled(bench.clean.items):
        made = (f"{item.code[:3]}.{first}{second}" for first in bench.shuffled(_ENDINGS) for second in bench.shuffled(_ENDINGS))
        code = next((one for one in made if bench.clean.book.entry(one) is None), None)
        if code is not None:
            yield swapped(bench, item, code)


def deleted(bench: Bench) -> Iterator[Seeded]:
    """A code that an earlier or a later release has and the one in force has not, with the item's evidence."""
    codes = [one for row in table("deleted") for one in row["codes"]]
    for item, code in zip(bench.shuffled(bench.clean.items), bench.shuffled(codes), strict=False):
        entry = bench.clean.book.entry(code)
        if entry is None or not entry.billable:
            yield swapped(bench, item, code)


def header(bench: Bench) -> Iterator[Seeded]:
    """The heading above the code."""
    for item in bench.shuffled(bench.clean.items):
        entry = bench.clean.book.entry(item.code)
        above = entry.path[-1] if entry and entry.path else ""
        heading = bench.clean.book.entry(above)
        if heading is not None and len(above) >= 3 and "-" not in above and not heading.billable:
            yield swapped(bench, item, above)


def seventh_missing(bench: Bench) -> Iterator[Seeded]:
    """The code without its 7th character."""
    for item in bench.shuffled(bench.clean.items):
        if _seventh(bench, item.code):
            yield swapped(bench, item, item.code[:-1].rstrip("X").rstrip("."))


def seventh_wrong(bench: Bench) -> Iterator[Seeded]:
    """A 7th character the category does not have, or one on a code that takes none."""
    for item in bench.shuffled(bench.clean.items):
        if _seventh(bench, item.code):
            code = item.code[:-1] + bench.dice.choice("QVWZ")
        else:
            code = _filled(item.code) + bench.dice.choice("AD")
        if bench.clean.book.entry(code) is None:
            yield swapped(bench, item, code)


def _seventh(bench: Bench, code: str) -> bool:
    entry = bench.clean.book.entry(code)
    return entry is not None and bool(entry.seventh_characters)


def _filled(code: str) -> str:
    bare = code.replace(".", "").ljust(6, "X")
    return f"{bare[:3]}.{bare[3:]}"
