"""The Official Guidelines for Coding and Reporting, section by section, in this project's own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from math import log
from pathlib import Path

from records.base import Record

_FOLDER = Path(__file__).parent / "data" / "guidelines"
_RELEASE = "release.toml"
_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Z][0-9A][0-9A-Z]{1,5}")
_PARTS = ("I", "II", "III", "IV", "Appendix I")
_TITLE_WEIGHT = 3


class Guideline(Record):
    """One numbered section: its number, its title, a summary, and the page of the publication it stands on.

    ``codes`` are references to what the section governs: "E11.A" is that code and all below it, "I20-I25" a range.
    The parts of Appendix I have no numbers in the publication; their names are this project's.
    """

    section: str
    title: str
    text: str
    page: int
    codes: tuple[str, ...] = ()
    release: str


@lru_cache(maxsize=1)
def guideline_sections() -> tuple[Guideline, ...]:
    """Every section held, in the order of the publication."""
    release = tomllib.loads((_FOLDER / _RELEASE).read_text(encoding="utf-8"))["release"]
    found = [
        Guideline(release=release, **row)
        for path in sorted(_FOLDER.glob("*.toml"))
        if path.name != _RELEASE
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["guideline"]
    ]
    return tuple(sorted(found, key=lambda one: (_PARTS.index(one.section.partition(".")[0]), one.page)))


def lookup(*, section: str | None = None, code: str | None = None, words: str | None = None) -> tuple[Guideline, ...]:
    """The sections asked for by exactly one of number, code or words; empty when none is held.

    By number: the section and all below it, else the nearest one above it that is held. By code: those that govern
    it, the most specific reference first. By words: those that hold them, best first.
    """
    if sum(given is not None for given in (section, code, words)) != 1:
        raise ValueError("give exactly one of section, code, words")
    if section is not None:
        return _by_section(_number(section))
    if code is not None:
        return _by_code(code.replace(".", "").strip().upper())
    return _by_words(words or "")


def _number(section: str) -> str:
    """A section number as it is compared: without "Section", blanks and outer dots, parentheses as dots."""
    bare = re.sub(r"^\s*section\s+", "", section.casefold())
    return re.sub(r"\.+", ".", re.sub(r"[()\s]+", ".", bare)).strip(".").replace("appendix.i", "appendix i")


def _by_section(number: str) -> tuple[Guideline, ...]:
    while number:
        below = f"{number}."
        found = tuple(one for one in guideline_sections() if f"{one.section.casefold()}.".startswith(below))
        if found:
            return found
        number = number.rpartition(".")[0]
    return ()


@lru_cache(maxsize=16384)
def _by_code(code: str) -> tuple[Guideline, ...]:
    if not _CODE.fullmatch(code):
        return ()
    ranked = []
    for order, one in enumerate(guideline_sections()):
        narrow = [_narrowness(reference) for reference in one.codes if _covers(reference, code)]
        if narrow:
            ranked.append((max(narrow), one.section.count("."), -order, one))
    ranked.sort(key=lambda row: row[:3], reverse=True)
    return tuple(row[3] for row in ranked)


def _covers(reference: str, code: str) -> bool:
    first, dash, last = reference.replace(".", "").partition("-")
    if not dash:
        return code.startswith(first)
    return first <= code[: len(first)] and code[: len(last)] <= last


def _narrowness(reference: str) -> tuple[int, int]:
    """Larger is more specific: a longer prefix first, and among ranges the one that spans less."""
    first, dash, last = reference.replace(".", "").partition("-")
    if not dash:
        return len(first), 0
    letters = ord(last[0]) - ord(first[0])
    digits = int(last[1]) - int(first[1]) if last[1].isdigit() and first[1].isdigit() else 10
    return 2, -(10 * letters + digits)


def _stems(text: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    return [word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words]


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[Guideline, frozenset[str], frozenset[str]], ...]:
    return tuple(
        (one, frozenset(_stems(one.title)), frozenset(_stems(f"{one.text} {' '.join(one.codes)}")))
        for one in guideline_sections()
    )


def _by_words(words: str) -> tuple[Guideline, ...]:
    wanted = dict.fromkeys(_stems(words))
    weights = {word: _rarity(word) for word in wanted}
    ranked = []
    for order, (one, title, text) in enumerate(_words()):
        score = _score(weights, title) * _TITLE_WEIGHT + _score(weights, text)
        if score > 0:
            ranked.append((score, -order, one))
    ranked.sort(key=lambda row: row[:2], reverse=True)
    return tuple(row[2] for row in ranked)


def _score(weights: dict[str, float], held: Iterable[str]) -> float:
    present = set(held)
    return sum(weight for word, weight in weights.items() if word in present)


@lru_cache(maxsize=1024)
def _rarity(word: str) -> float:
    rows = _words()
    holding = sum(word in title or word in text for _, title, text in rows)
    return log(1 + len(rows) / holding) if holding else 0.0
