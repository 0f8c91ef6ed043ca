"""The clinical synonyms of this project: what clinicians write, and the codes or headings it leads to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Synonym(NamedTuple):
    """One row of data/synonyms: a term, its codes (best first, headings where side or detail decides), its flags.

    ``cased``: counts only in this spelling. ``ambiguous``: means this only when one of the ``context`` words is near.
    """

    term: str
    codes: tuple[str, ...]
    cased: bool
    ambiguous: bool
    context: tuple[str, ...]


@cache
def synonyms() -> tuple[Synonym, ...]:
    """Every row, in the order of the files."""
    return tuple(row for _, content in _files() for row in _rows(content.decode("utf-8")))


def terms_of(code: str) -> tuple[str, ...]:
    """The terms that lead to a code or heading first."""
    return _by_code().get(code, ())


@cache
def _by_code() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in synonyms():
        found.setdefault(row.codes[0], []).append(row.term)
    return {code: tuple(terms) for code, terms in found.items()}


@cache
def synonyms_sha256() -> str:
    """The hash of all rows: what is built from them is built again when it changes."""
    digest = hashlib.sha256()
    for name, content in _files():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def _files() -> list[tuple[str, bytes]]:
    folder = files("codebook").joinpath("data", "synonyms")
    return sorted((entry.name, entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".tsv"))


def _rows(content: str) -> Iterator[Synonym]:
    for line in content.splitlines():
        if line and not line.startswith("#"):
            term, codes, flags, context = [*line.split("\t"), "", ""][:4]
            held = flags.split(",")
            yield Synonym(term, tuple(codes.split("|")), "case" in held, "ambiguous" in held, tuple(context.split()))
