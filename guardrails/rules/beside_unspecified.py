"""CM-016: an unspecified code beside one that says more of the same condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

_UNSPECIFIED = re.compile(r"\bunspecified\b", re.IGNORECASE)
_PLAIN = re.compile(r"\b(?:uncomplicated|without)\b", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)
_CATEGORY = 3
_INJURY = ("S00-T88",)


@rule(
    "CM-016",
    title="Unspecified beside specified",
    severity="review",
    source="Official Guidelines I.A.9, I.B.2 and I.B.18: an unspecified code is for want of information",
)
def beside_unspecified(coded: CodedChart) -> Iterator[Hit]:
    """A code for a condition not further specified does not stand beside a code below the same heading that specifies it, nor
    a code without a complication beside its neighbour with it. Codes of different sides are two conditions, and so may
    injuries be."""
    codes = [one for one in coded.known if one.code[0] != "Z" and one not in coded.covered(*_INJURY)]
    for plain, other in permutations(codes, 2):
        if _same_side(plain, other) and (_specifies(coded, plain, other) or _complicates(plain, other)):
            yield Hit(f"{other.title} says more of what {plain.title} leaves open.", (plain.name, other.name))


def _title(diagnosis: Diagnosis) -> str:
    return diagnosis.entry.description if diagnosis.entry is not None else ""


def _path(diagnosis: Diagnosis) -> tuple[str, ...]:
    path = diagnosis.entry.path if diagnosis.entry is not None else ()
    category = diagnosis.code[:_CATEGORY]
    return tuple(level for level in path if level[:_CATEGORY] == category and "-" not in level)


def _specifies(coded: CodedChart, plain: Diagnosis, other: Diagnosis) -> bool:
    """Whether the other code stands below the heading that the plain one leaves unspecified, and says more than it."""
    if not _UNSPECIFIED.search(_title(plain)):
        return False
    left_open = _specific_headings(coded, plain)[-1:]
    found = _specific_headings(coded, other)
    return bool(left_open) and left_open[0] in (found[:-1] if _UNSPECIFIED.search(_title(other)) else found)


def _specific_headings(coded: CodedChart, diagnosis: Diagnosis) -> list[str]:
    return [level for level in _path(diagnosis) if not _is_unspecified(coded, level)]


def _is_unspecified(coded: CodedChart, code: str) -> bool:
    entry = coded.book.entry(code)
    return entry is not None and _UNSPECIFIED.search(entry.description) is not None


def _complicates(plain: Diagnosis, other: Diagnosis) -> bool:
    """Whether both are neighbours below one heading, the one without and the other with a complication."""
    if _path(plain)[-1:] != _path(other)[-1:] or not _PLAIN.search(_title(plain)):
        return False
    return not _PLAIN.search(_title(other)) and _WITH.search(_title(other)) is not None


def _same_side(one: Diagnosis, other: Diagnosis) -> bool:
    return not (one.sides and other.sides) or bool(one.sides & other.sides)
