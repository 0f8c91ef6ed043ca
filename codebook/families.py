"""Families: the children of a heading, each with what tells it from its siblings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from codebook.entry import CodeEntry
from codebook.words import Token, content, sides, tokens

EntryOf = Callable[[str], CodeEntry | None]
_FEW = 4


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a heading: the stems that tell it from its siblings, its side, and whether it says nothing more."""

    code: str
    telling: frozenset[str]
    side: str
    unspecified: bool
    plain: bool
    other: bool
    denied: frozenset[str]


def family_of(entry_of: EntryOf, code: str) -> tuple[Child, ...]:
    """The children of a heading with the words that tell each from the others; none for a code without any."""
    entry = entry_of(code)
    if entry is None:
        return ()
    described = []
    for child in entry.children:
        below = entry_of(child)
        assert below is not None
        found = tokens(below.description)
        described.append((child, found, content(found)))
    counted = Counter(word for _, _, stems in described for word in stems)
    # Of two or three children every difference tells; of many, what most of them say tells nothing.
    usual = len(described) if len(described) < _FEW else len(described) / 2 + 1
    common = frozenset(word for word, count in counted.items() if count >= usual and len(described) > 1)
    own = tokens(entry.description)
    # A heading's own words tell nothing, but for those of its enumeration: "colon, rectum, anus" each have a child.
    listed = "," in entry.description
    common |= frozenset(word for word in content(own) if not (listed and counted[word] == 1))
    least_vague = min((vague(found) for _, found, _ in described), default=0)
    plain = min((_denials(found) for _, found, _ in described), default=0)
    return tuple(
        _child(child, found, stems - common, sides(found) - sides(own), vague(found) > least_vague, _denials(found) > plain)
        for child, found, stems in described
    )


def vague(found: list[Token]) -> int:
    """How often a title says that nothing more is known."""
    return sum(token.folded in ("unspecified", "nos") for token in found)


def _denials(found: list[Token]) -> int:
    """How often a title says that something is not there."""
    return sum(token.folded in ("without", "not", "uncomplicated") for token in found)


def _child(
    code: str, found: list[Token], telling: frozenset[str], named: frozenset[str], unspecified: bool, plain: bool
) -> Child:
    folded = {token.folded for token in found}
    side = next(iter(named)) if len(named) == 1 else ""
    return Child(code, telling, side, unspecified, plain, "other" in folded, denied(found))


def denied(found: list[Token]) -> frozenset[str]:
    """The stems of what a title denies: the two words behind its "without"."""
    places = [index for index, token in enumerate(found) if token.folded == "without"]
    return content(found[places[-1] + 1 : places[-1] + 3]) if places else frozenset()
