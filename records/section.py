"""Sections: a document cut at its headings. Which headings open which kind is data (``sections.toml``)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from records.base import Record

MAX_HEADING = 70
_SOAP_LETTER = re.compile(r"^[ \t*#]*([SOPB])[*]*[:)\-](?=\s|$)", re.MULTILINE)
_ASSESSED = re.compile(r"^[ \t*#]*A(?:[ /&]*P)?[*]*[:)\-](?=\s|$)", re.MULTILINE)
_MARKER = re.compile(r"(?:[•●▪◦‣·*#>=\-–]+[ \t]*)+|\(?\d{1,2}[.)][ \t]+")
_LABEL = re.compile(r"(?:[SOP]|A(?:/P)?)[)\-](?=\s|$)|[^\n:.;!?]{1,70}:")
_MIDLINE = re.compile(r"(?<=[.!?;])[ \t]+([A-Z][A-Za-z/& ]{1,40}:)")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DATES = re.compile(r"[#]?\b\d[\d/:.,\-]*(?:\s?[ap]m)?\b", re.IGNORECASE)
_AND = re.compile(r"\s*(?:&|/|\+|\band\b)\s*")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_LINE = re.compile(r"[^\n]*(?:\n|$)")


class Section(Record):
    """One section. ``start`` is where its heading begins, ``heading_end`` where its words begin, ``end`` half-open."""

    kind: str
    start: int
    end: int
    heading_end: int

    @property
    def codable(self) -> bool:
        """Whether a diagnosis may be established by this section's words, its author permitting."""
        return section_facts(self.kind).codable


class SectionFacts(Record):
    """What ``sections.toml`` says of one kind of section."""

    codable: bool
    closing: bool = False
    current: bool = False
    weak: bool = False
    assertion: str = ""
    headings: tuple[str, ...]


class _Headings(Record):
    kinds: dict[str, SectionFacts]
    subheadings: frozenset[str]
    ambiguous: frozenset[str]
    bare: frozenset[str]
    letters: dict[str, str]
    within: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may be a heading: its label as written, and what is set around it."""

    start: int
    label: str
    label_end: int
    whole: bool  # nothing follows the label on its line
    colon: bool
    marked: bool  # it begins with a bullet or a number
    gap_before: bool
    gap_after: bool

    @property
    def upper(self) -> bool:
        return self.label.isupper()


@cache
def _data() -> _Headings:
    raw = tomllib.loads(files("records").joinpath("sections.toml").read_text("utf-8"))
    return _Headings.model_validate(raw)


@cache
def _kind_by_heading() -> dict[str, str]:
    return {heading: kind for kind, facts in _data().kinds.items() for heading in facts.headings}


def section_kinds() -> tuple[str, ...]:
    """Every kind of section there is."""
    return tuple(_data().kinds)


def section_facts(kind: str) -> SectionFacts:
    """The facts of one kind; KeyError for a kind that does not exist."""
    return _data().kinds[kind]


def cut(text: str) -> tuple[Section, ...]:
    """The sections of a text, in order, without gap or overlap: the first begins at 0, the last ends at its length.

    What stands before the first heading is of kind ``other``; so is what an unknown upper-case heading line opens.
    """
    opened: list[tuple[int, int, str]] = []
    current: tuple[str, _Line | None] = ("other", None)
    letters = _data().letters if _is_soap(text) else {}
    for line in _candidates(text):
        kind = letters.get(line.label.strip("* ").lower()) or _opens(line, *current)
        if kind is not None:
            opened.append((line.start, line.label_end, kind))
            current = (kind, line)
    if not opened or opened[0][0] > 0:
        opened.insert(0, (0, 0, "other"))
    ends = [start for start, _, _ in opened[1:]] + [len(text)]
    return tuple(
        Section(kind=kind, start=start, end=end, heading_end=heading_end)
        for (start, heading_end, kind), end in zip(opened, ends, strict=True)
    )


def _is_soap(text: str) -> bool:
    """Whether lines open with the letters of a SOAP note, or "A:" follows story or examination. "A:" above "B:" counts
    specimens or items instead."""
    letters = set(_SOAP_LETTER.findall(text))
    assessed = _ASSESSED.search(text)
    if assessed is None or "B" in letters:
        return False
    return bool(letters) or any(_known(line.label) in _STORY for line in _candidates(text[: assessed.start()]))


# What stands above the assessment of a note whose other parts are headed in words ("HPI: ... Exam: ... A: ...").
_STORY = frozenset({"hpi", "chief_complaint", "ros", "exam", "vitals"})


def _candidates(text: str) -> list[_Line]:
    """Every place that has the form of a heading, in order of offset."""
    found: list[_Line] = []
    gap = True
    for match in _LINE.finditer(text):
        words = match.group().strip()
        if words:
            line = _read_line(text, match.start(), match.end(), gap)
            if line is not None:
                found.append(line)
            if ": " in words or words.endswith(":"):
                found.extend(_midline(text, match.start(), match.end()))
        gap = not words
    return found


def _read_line(text: str, start: int, end: int, gap_before: bool) -> _Line | None:
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    marker = _MARKER.match(text, first, end)
    begin = marker.end() if marker else first
    body = text[begin:end].rstrip()
    if not body or not (body[0].isupper() or body.isdigit()):
        return None
    gap_after = not text[end : end + 200].split("\n", 1)[0].strip()
    bare = _bare().match(body)
    if bare:
        return _Line(start, bare.group(), begin + bare.end(), False, True, bool(marker), gap_before, gap_after)
    label = _LABEL.match(body)
    if label:
        written = label.group()[:-1]
        whole = len(body) == label.end() or not body[label.end() :].strip("*_# ")
        return _Line(start, written, begin + label.end(), whole, True, bool(marker), gap_before, gap_after)
    if len(body) <= MAX_HEADING:
        return _Line(start, body, begin + len(body), True, False, bool(marker), gap_before, gap_after)
    return None


@cache
def _bare() -> re.Pattern[str]:
    """Abbreviations that open a section without a colon when they stand first on a line, exactly as written."""
    names = "|".join(re.escape(name) for name in sorted(_data().bare, key=len, reverse=True))
    return re.compile(
        rf"(?:{names})(?= +[\w\"'<>~+-])(?! +(?:significant|notable|remarkable|positive|negative|of|for|incl\w*|is|and|as|per)\b)"
    )


def _midline(text: str, start: int, end: int) -> list[_Line]:
    """Headings inside a line, as in a note that lost its line breaks: "... today. PMH: asthma. A/P: ..."."""
    return [
        _Line(found.start(1), found.group(1)[:-1], found.end(1), False, True, False, False, False)
        for found in _MIDLINE.finditer(text, start, end)
    ]


@lru_cache(maxsize=4096)
def _normal(label: str) -> str:
    words = _DATES.sub(" ", _BRACKETS.sub(" ", label.lower()))
    if words.endswith("(s"):
        words = words[:-2]
    return _NOT_LETTERS.sub(" ", _AND.sub(" and ", words)).strip()


@lru_cache(maxsize=4096)
def _known(label: str) -> str | None:
    """The kind of a heading: as written, without a trailing "reviewed" or the like, or with its digits kept."""
    name = _normal(label)
    kinds = _kind_by_heading()
    return kinds.get(name) or kinds.get(_NOT_LETTERS.sub(" ", label.lower()).strip())


def _opens(line: _Line, current: str, opener: _Line | None) -> str | None:
    """The kind of section the line opens while ``current`` runs, or None when it is a sub-heading or plain text."""
    facts = section_facts(current)
    inner = _data().within.get(current, {}).get(_normal(line.label))
    if inner is not None:
        return inner
    kind = _known(line.label)
    if kind is None:
        return "other" if _is_unknown_heading(line, facts, opener) else None
    if not line.whole and not line.colon:
        return None
    if not line.colon and (line.marked or facts.closing) and _normal(line.label) in _data().ambiguous:
        return None
    if line.marked and (facts.closing or current in _LISTS) and not (line.upper and line.whole):
        return None
    if facts.closing and _is_inside(line, kind, current, opener):
        return None
    return kind


_LISTS = frozenset({"ros", "exam", "family_history", "instructions", "questionnaire", "medications", "results"})


def _is_inside(line: _Line, kind: str, current: str, opener: _Line | None) -> bool:
    """Whether a heading met in a closing section is one of its sub-headings: less prominent than the one that opened it."""
    if not section_facts(kind).weak and not (current == "assessment_plan" and kind == "assessment"):
        return False
    if opener is None or line.upper:
        return False
    if current == "assessment_plan" and kind == "plan":
        return True
    return (opener.upper or opener.whole) and not line.whole


def _is_unknown_heading(line: _Line, facts: SectionFacts, opener: _Line | None) -> bool:
    """An upper-case line of its own after a blank one. In a closing section it must be set like the opening heading:
    "HYPERTENSION" above its own plan is a problem, not a new section."""
    if not (line.whole and line.gap_before and line.upper) or line.marked or sum(map(str.isalpha, line.label)) <= 3:
        return False
    if _normal(line.label) in _data().subheadings or line.label.rstrip().endswith((".", ",", ";")):
        return False
    if not facts.closing or opener is None:
        return True
    return opener.whole and opener.colon == line.colon and opener.gap_after == line.gap_after and opener.upper
