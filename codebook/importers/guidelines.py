"""The Official Guidelines for Coding and Reporting, PDF or text, cut into their numbered sections with the page of each."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from codebook.dating import MONTHS, Period
from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- one row a numbered section, in the order of the publication: its own text, without that of the sections below it
CREATE TABLE section (
    number TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, page INTEGER NOT NULL, place INTEGER NOT NULL
);
"""
_TITLE = "ICD-10-CM Official Guidelines for Coding and Reporting"
_FOOTER = re.compile(rf"{_TITLE}\s*\n\s*FY\s*20\d\d\s*\n\s*Page\s+(\d+)\s+of\s+(\d+)[ \t]*\n?")
_YEAR = re.compile(r"\bFY\s*(20\d\d)\b")
_PERIOD = re.compile(r"\(\s*([A-Z][a-z]+ \d{1,2}, 20\d\d)\s*[-–]\s*([A-Z][a-z]+ \d{1,2}, 20\d\d)\s*\)")
_LEADERS = re.compile(r"\.{4,}")
_PART = re.compile(r"Section (I|II|III|IV)\. ?(.*)")
_APPENDIX = re.compile(r"Appendix (I)\b:?\s*(.*)")
# How the levels below a part are numbered, the outermost first.
_LEVELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"([A-Z])\. ?(.*)", r"(\d{1,2})\. ?(.*)", r"([a-z])\. ?(.*)", r"(\d{1,2})\) ?(.*)", r"\(([a-z])\) ?(.*)",
        r"\((i|ii|iii|iv|v|vi|vii|viii)\) ?(.*)",
    )
)  # fmt: skip
_LETTERED = 4
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_OPEN_ENDED = re.compile(r"(?:[,(/]|\b(?:and|or|of|the|with|for|in|to|a|an|by|as|from|on))$", re.IGNORECASE)
_PARTS = ("I", "II", "III", "IV", "Appendix I")


class Line(NamedTuple):
    """One line of the publication and its page."""

    page: int
    text: str


@dataclass
class _Section:
    number: str
    title: str
    page: int
    lines: list[str] = field(default_factory=list)


def read(source: Source) -> Intake | None:
    """The guidelines in a file; None when the file is something else. BookError when it is them but not whole."""
    if source.content.startswith(b"%PDF"):
        pages, form = _pdf_pages(source), "pdf"
    elif _TITLE in source.text[:2000]:
        pages, form = _text_pages(source), "text"
    else:
        return None
    first = "\n".join(pages[:2])
    if _TITLE not in first:
        return None
    lines = [Line(number, " ".join(line.split())) for number, page in enumerate(pages, 1) for line in page.split("\n")]
    front, sections = _cut([line for line in lines if line.text])
    _whole(sections)
    found = [
        (one.number, one.title, _paragraphs(one.lines), one.page, place)
        for place, one in enumerate(sections, 1)
        if one.title or one.lines
    ]
    year = _YEAR.search(first)
    return Intake(
        "guidelines",
        rows(SCHEMA, "section", found, [("before the first section", line.text) for line in front]),
        source.name,
        form,
        fiscal_year=int(year[1]) if year else None,
        period=_period(first),
    )


def _period(first: str) -> Period | None:
    found = _PERIOD.search(first)
    if found is None:
        return None
    days = []
    for written in found.groups():
        month, day, year = written.replace(",", "").split()
        if month.lower() not in MONTHS:
            return None
        days.append(date(int(year), MONTHS[month.lower()], int(day)))
    return Period(*days)


def _pdf_pages(source: Source) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if b"%%EOF" not in source.content[-2048:]:
        raise BookError("the PDF has no end: it is cut short")
    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(source.content)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise BookError("the PDF cannot be read: it is corrupt") from None
    if not pages:
        raise BookError("the PDF has no pages")
    return [_FOOTER.sub("\n", page) for page in pages]


def _text_pages(source: Source) -> list[str]:
    """The text by its footers: each names the page that it ends, and the number of pages."""
    pages: list[str] = []
    at = last = 0
    for found in _FOOTER.finditer(source.text):
        pages += [""] * (int(found[1]) - 1 - len(pages))
        pages.append(source.text[at : found.start()])
        at, last = found.end(), int(found[2])
    if not pages or len(pages) != last or source.text[at:].strip():
        raise BookError(f"the text is not whole: it has {len(pages)} of {last} pages with their ends")
    return pages


def _cut(lines: list[Line]) -> tuple[list[Line], list[_Section]]:
    """The lines before the first section, contents included, and the sections."""
    contents = [number for number, line in enumerate(lines) if _LEADERS.search(line.text)]
    start = contents[-1] + 1 if contents else 0
    while start < len(lines) and not _PART.fullmatch(lines[start].text):
        start += 1
    return lines[:start], _Cutter().cut(lines[start:])


class _Cutter:
    """Cuts by numbers that follow each other: a line begins a section only if its number is the next one of its level, or the
    first of a level below, so that a list inside a text does not."""

    def __init__(self) -> None:
        self.sections: list[_Section] = []
        self.part = 0
        # The level and number of each section on the way to the current one, part excluded.
        self.path: list[tuple[int, int]] = []

    def cut(self, lines: list[Line]) -> list[_Section]:
        for at, line in enumerate(lines):
            started = self._part(line) or self._level(line, lines[at + 1 :])
            if started is not None:
                self.sections.append(started)
            elif self.sections:
                self._go_on(self.sections[-1], line.text)
        return self.sections

    def _part(self, line: Line) -> _Section | None:
        found = _PART.fullmatch(line.text) or _APPENDIX.fullmatch(line.text)
        expected = _PARTS[self.part] if self.part < len(_PARTS) else ""
        if found is None or (f"Appendix {found[1]}" if line.text.startswith("App") else found[1]) != expected:
            return None
        self.part += 1
        self.path = []
        return _Section(expected, found[2].strip(), line.page)

    def _level(self, line: Line, rest: Sequence[Line]) -> _Section | None:
        if not self.sections or self.part == len(_PARTS):
            return None
        for level in range(len(_LEVELS) - 1, -1, -1):
            found = _LEVELS[level].fullmatch(line.text)
            if level == len(_LEVELS) - 1 and found and self._is_letter(found[1], rest):
                continue
            if found and found[2] and self._follows(level, _ordinal(found[1], level)):
                self.path = [*[step for step in self.path if step[0] < level], (level, _ordinal(found[1], level))]
                return _Section(self._number(), found[2].strip(), line.page)
        return None

    def _is_letter(self, written: str, rest: Sequence[Line]) -> bool:
        """Whether "(i)" comes after "(h)": the letter if "(j)" or nothing comes next, the numeral one if "(ii)" does."""
        if written != "i" or not self._follows(_LETTERED, _ordinal(written, _LETTERED)):
            return False
        following = next((line.text[:4] for line in rest if line.text.startswith(("(j)", "(ii)"))), "(j)")
        return following.startswith("(j)")

    def _follows(self, level: int, ordinal: int) -> bool:
        held = dict(self.path)
        if level in held:
            return ordinal == held[level] + 1
        deepest = self.path[-1][0] if self.path else -1
        return ordinal == 1 and level > deepest

    def _number(self) -> str:
        return ".".join([_PARTS[self.part - 1], *(_spelled(level, ordinal) for level, ordinal in self.path)])

    @staticmethod
    def _go_on(section: _Section, text: str) -> None:
        wrapped = not section.lines and (text[:1].islower() or _OPEN_ENDED.search(section.title))
        if wrapped:
            section.title = f"{section.title} {text}"
        else:
            section.lines.append(text)


def _ordinal(written: str, level: int) -> int:
    if level == len(_LEVELS) - 1:
        return _ROMAN.index(written) + 1
    return int(written) if written.isdigit() else ord(written.lower()) - ord("a") + 1


def _spelled(level: int, ordinal: int) -> str:
    if level == len(_LEVELS) - 1:
        return _ROMAN[ordinal - 1]
    if level in (1, 3):
        return str(ordinal)
    letter = chr(ord("a") + ordinal - 1)
    return letter.upper() if level == 0 else letter


def _whole(sections: list[_Section]) -> None:
    held = {section.number for section in sections}
    missing = [part for part in _PARTS if part not in held]
    if missing:
        raise BookError(f"the guidelines are not whole: {'Section ' if len(missing[0]) < 4 else ''}{missing[0]} is missing")


def _paragraphs(lines: list[str]) -> str:
    return " ".join(lines)
