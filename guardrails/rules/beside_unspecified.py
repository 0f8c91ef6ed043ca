"""CM-016: an unspecified code beside one that says more of the same condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.unspecified import headings, same_side, specifies

_PLAIN = re.compile(r"\b(?:uncomplicated|without)\b", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)
_OTHER_THINGS = ("S00-T88", "Z00-Z99")


@rule(
    "CM-016",
    title="Unspecified beside specified",
    severity="review",
    source="Official Guidelines I.A.9, I.B.2 and I.B.18: an unspecified code is for want of information",
)
def beside_unspecified(coded: CodedChart) -> Iterator[Hit]:
    """A code for a condition not further specified does not stand beside a code below the same heading that specifies it, nor
    a code without a complication beside its neighbour with it. Codes of different sides are two conditions, and so may
    injuries be; but an injury of no region does not stand beside one of a region that the same sentence names."""
    codes = [one for one in coded.known if one not in coded.covered(*_OTHER_THINGS)]
    for plain, other in permutations(codes, 2):
        if specifies(coded.book, plain.code, other.code) or _complicates(coded, plain, other):
            yield Hit(f"{other.title} says more of what {plain.title} leaves open.", (plain.name, other.name))
    for plain in coded.covered("T14"):
        for other in coded.covered("S00-S99", "T15-T34", "O70-O71"):
            if set(plain.sentences) & set(other.sentences):
                yield Hit(f"{other.title} names the region that {plain.title} leaves open.", (plain.name, other.name))


def _complicates(coded: CodedChart, plain: Diagnosis, other: Diagnosis) -> bool:
    """Whether both are neighbours below one heading, the one without and the other with a complication."""
    book = coded.book
    if headings(book, plain.code)[-1:] != headings(book, other.code)[-1:] or not same_side(book, plain.code, other.code):
        return False
    titles = [one.entry.description for one in (plain, other) if one.entry is not None]
    first, last = titles
    return bool(_PLAIN.search(first) and _WITH.search(last) and not _PLAIN.search(last))
