"""The Official Guidelines for Coding and Reporting, section by section: the imported text of a date, else own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from math import log
from pathlib import Path

from codebook import holdings
from codebook.holdings import Found
from codebook.reference import references_in
from records.base import Record

_FOLDER = Path(__file__).parent / "data" / "guidelines"
_RELEASE = "release.toml"
_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[A-Z][0-9A][0-9A-Z]{1,5}")
_PARTS = ("I", "II", "III", "IV", "Appendix I")
_TITLE_WEIGHT = 3
BOOK = "guidelines"


class Guideline(Record):
    """One numbered section: its number, its title, its text, and the page of the publication it stands on.

    The text is the publication's when ``official``, else this project's summary of the section.
    ``codes`` are references to what the section governs: "E11.A" is that code and all below it, "I20-I25" a range.
    The parts of Appendix I have no numbers in the publication; their names are this project's.
    """

    section: str
    title: str
    text: str
    page: int
    codes: tuple[str, ...] = ()
    release: str
    official: bool = False


@lru_cache(maxsize=1)
def guideline_sections() -> tuple[Guideline, ...]:
    """Every section this project summarises, in the order of the publication."""
    release = tomllib.loads((_FOLDER / _RELEASE).read_text(encoding="utf-8"))["release"]
    found = [
        Guideline(release=release, **row)
        for path in sorted(_FOLDER.glob("*.toml"))
        if path.name != _RELEASE
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["guideline"]
    ]
    return tuple(sorted(found, key=lambda one: (_PARTS.index(one.section.partition(".")[0]), one.page)))


def lookup(
    *, section: str | None = None, code: str | None = None, words: str | None = None, on: date | None = None
) -> tuple[Guideline, ...]:
    """The sections asked for by exactly one of number, code or words; empty when none is held.

    By number: the section and all below it, else the nearest one above it that is held. By code: those that govern
    it, the most specific reference first. By words: those that hold them, best first. With ``on``, the imported official text
    wins over the summaries when it is the one in force on that date.
    """
    if sum(given is not None for given in (section, code, words)) != 1:
        raise ValueError("give exactly one of section, code, words")
    held = _held(on)
    if section is not None:
        return held.by_section(_number(section))
    if code is not None:
        return held.by_code(code.replace(".", "").strip().upper())
    return held.by_words(words or "")


class _Sections:
    """Sections, and the ways to look them up."""

    def __init__(self, sections: tuple[Guideline, ...]) -> None:
        self.sections = sections
        self._governing: dict[str, tuple[Guideline, ...]] = {}

    def by_section(self, number: str) -> tuple[Guideline, ...]:
        while number:
            below = f"{number}."
            found = tuple(one for one in self.sections if f"{one.section.casefold()}.".startswith(below))
            if found:
                return found
            number = number.rpartition(".")[0]
        return ()

    def by_code(self, code: str) -> tuple[Guideline, ...]:
        if not _CODE.fullmatch(code):
            return ()
        if code not in self._governing:
            ranked = []
            for order, one in enumerate(self.sections):
                narrow = [_narrowness(reference) for reference in one.codes if _covers(reference, code)]
                if narrow:
                    ranked.append((max(narrow), one.section.count("."), -order, one))
            ranked.sort(key=lambda row: row[:3], reverse=True)
            self._governing[code] = tuple(row[3] for row in ranked)
        return self._governing[code]

    def by_words(self, words: str) -> tuple[Guideline, ...]:
        weights = {word: self._rarity(word) for word in dict.fromkeys(_stems(words))}
        ranked = []
        for order, (one, title, text) in enumerate(self._words):
            score = _score(weights, title) * _TITLE_WEIGHT + _score(weights, text)
            if score > 0:
                ranked.append((score, -order, one))
        ranked.sort(key=lambda row: row[:2], reverse=True)
        return tuple(row[2] for row in ranked)

    @cached_property
    def _words(self) -> tuple[tuple[Guideline, frozenset[str], frozenset[str]], ...]:
        return tuple(
            (one, frozenset(_stems(one.title)), frozenset(_stems(f"{one.text} {' '.join(one.codes)}"))) for one in self.sections
        )

    def _rarity(self, word: str) -> float:
        holding = sum(word in title or word in text for _, title, text in self._words)
        return log(1 + len(self._words) / holding) if holding else 0.0


def _held(on: date | None) -> _Sections:
    found = holdings.find(BOOK, on) if on else None
    return _imported(found) if found and found.in_force else _own()


@lru_cache(maxsize=1)
def _own() -> _Sections:
    return _Sections(guideline_sections())


@lru_cache(maxsize=8)
def _imported(found: Found) -> _Sections:
    """The official sections, governing what the summaries of the same numbers govern; the parts of Appendix I, which have no
    numbers in the publication, stay summaries."""
    governed = {one.section: one.codes for one in guideline_sections()}
    rows = found.connection.execute("SELECT number, title, text, page FROM section ORDER BY place").fetchall()
    official = [
        Guideline(
            section=number,
            title=title,
            text=text,
            page=page,
            codes=tuple(dict.fromkeys((*governed.get(number, ()), *_named(title)))),
            release=found.release.title,
            official=True,
        )
        for number, title, text, page in rows
    ]
    numbers = {one.section for one in official}
    parts = [one for one in guideline_sections() if one.section.startswith("Appendix") and one.section not in numbers]
    return _Sections((*official, *parts))


def _named(title: str) -> tuple[str, ...]:
    """The codes a title names: "Diseases of the Circulatory System (I00-I99)"."""
    return tuple(reference for reference in references_in(title) if "@" not in reference)


def _number(section: str) -> str:
    """A section number as it is compared: without "Section", blanks and outer dots, parentheses as dots."""
    bare = re.sub(r"^\s*section\s+", "", section.casefold())
    return re.sub(r"\.+", ".", re.sub(r"[()\s]+", ".", bare)).strip(".").replace("appendix.i", "appendix i")


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


def _score(weights: dict[str, float], held: Iterable[str]) -> float:
    present = set(held)
    return sum(weight for word, weight in weights.items() if word in present)
