"""What the Tabular List's instructional notes ask of a code: its partners and whether it can do without them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codebook.book import CodeBook
from codebook.entry import CodeEntry
from guardrails.coded_chart import CodedChart, Diagnosis

_CONDITIONAL = re.compile(r"if (?:applicable|known|present|any)|\bany\b|to (?:identify|specify)|when ", re.I)
_REQUIRING = re.compile(r"^(?:the )?(?:underlying|infection|malignan|neoplasm)", re.I)
_OPEN = re.compile(r"such as|^(?:the )?(?:underlying|associated|related|infection|malignan\w*|neoplasm)\b[^()]*$", re.I)
# An organism "as the cause of diseases classified elsewhere", or a factor "related to causes of morbidity", is no manifestation.
_MANIFESTATION = re.compile(r"^(?!.*\bcauses? of\b).*classified elsewhere", re.I)


@dataclass(frozen=True)
class Instruction:
    """The notes of one kind on a code, its own and those it inherits.

    ``unconditional``: a note of them has no "if applicable" and the like. ``required``: such a one asks for an underlying
    disease. ``open``: it gives examples, so another code may do.
    """

    references: tuple[str, ...] = ()
    unconditional: bool = False
    required: bool = False
    open: bool = False


_READ: dict[tuple[str, str, str], Instruction] = {}


def instruction(diagnosis: Diagnosis, kind: str) -> Instruction:
    """What the notes of that kind (``code_first``, ``use_additional_code``, ``code_also``) ask of the code."""
    if diagnosis.entry is None:
        return Instruction()
    key = (diagnosis.book.release.id, diagnosis.code, kind)
    if key not in _READ:
        _READ[key] = _read(diagnosis.entry, kind)
    return _READ[key]


def _read(entry: CodeEntry, kind: str) -> Instruction:
    levels: dict[str, list[str]] = {}
    references: list[str] = []
    for note in entry.notes:
        if note.kind == kind:
            levels.setdefault(note.level, []).append(note.text.strip())
            references += note.references
    asking = [texts for texts in levels.values() if not any(_CONDITIONAL.search(text) for text in texts)]
    return Instruction(
        references=tuple(dict.fromkeys(references)),
        unconditional=bool(asking),
        required=any(any(_REQUIRING.search(text) for text in texts) for texts in asking),
        open=any(_OPEN.search(text) for texts in levels.values() for text in texts),
    )


def is_manifestation(book: CodeBook, diagnosis: Diagnosis) -> bool:
    """Whether the code, or a heading above it, is titled "in diseases classified elsewhere"."""
    entry = diagnosis.entry
    if entry is None:
        return False
    if _titled(entry.description):
        return True
    above = (book.entry(heading) for heading in entry.path if instruction(diagnosis, "code_first").references)
    return any(heading is not None and _titled(heading.description) for heading in above)


def _titled(description: str) -> bool:
    return _MANIFESTATION.search(description) is not None


def partners(coded: CodedChart, diagnosis: Diagnosis, kind: str, named_only: bool = False) -> tuple[Diagnosis, ...]:
    """The other codes of the chart that the code's notes of that kind name.

    Where the note gives examples and none of them is there, any other disease before the code may be what it means, unless
    ``named_only`` asks for one that the note names; a note that names none is still met by any.
    """
    asked = instruction(diagnosis, kind)
    named = tuple(d for d in coded.covered(*asked.references) if d.code != diagnosis.code) if asked.references else ()
    if named or not asked.open or (named_only and asked.references):
        return named
    diseases = coded.covered("A00-T88", "U00-U85")
    return tuple(d for d in diseases if d.code != diagnosis.code and d.sequence < diagnosis.sequence)
