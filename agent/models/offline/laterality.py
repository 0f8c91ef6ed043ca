"""The side of a condition when its own sentence does not say it: the chart may, elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.models.offline.knowledge import knowledge
from agent.models.offline.observations import Mention, Observations
from records.laterality import sides_in

_WORD = re.compile(r"[a-z]{3,}")


def sided(code: str, mentions: tuple[Mention, ...], seen: Observations) -> tuple[str, ...]:
    """The code or codes of the sides the chart names for a code of an unspecified side; the code itself when it names none."""
    known = seen.codes.get(code, {})
    sides = known.get("sides", {})
    if sides.get("side") != "unspecified":
        return (code,)
    own = _sides_of(_own(mentions, seen))
    named = own or _named(known["description"], mentions, seen)
    if "bilateral" in own:
        both = sides.get("bilateral")
        return (both,) if both else tuple(sides[side] for side in ("right", "left") if side in sides) or (code,)
    found = [sides[side] for side in named if side in sides]
    return (found[0],) if len(found) == 1 else (code,)


def _named(description: str, mentions: tuple[Mention, ...], seen: Observations) -> set[str]:
    """The one side of the lines that name the same part of the body, else of all lines; nothing when they name several."""
    for lines in (_same_site(description, mentions, seen), _every(seen)):
        named = _sides_of(lines)
        if named:
            return named if len(named) == 1 else set()
    return set()


def _sides_of(lines: Iterator[str]) -> set[str]:
    return set().union(*map(sides_in, lines))


def _own(mentions: tuple[Mention, ...], seen: Observations) -> Iterator[str]:
    for mention in mentions:
        yield seen.lines.get(mention.document, {}).get(mention.line, "")


def _same_site(description: str, mentions: tuple[Mention, ...], seen: Observations) -> Iterator[str]:
    words = set(_WORD.findall(description.lower()))
    words |= {word for mention in mentions for word in _WORD.findall(mention.quote.lower())}
    site = {word.rstrip("s") for word in words - set(knowledge().siteless.split())}
    for line in _every(seen):
        if site & {word.rstrip("s") for word in _WORD.findall(line.lower())}:
            yield line


def _every(seen: Observations) -> Iterator[str]:
    for lines in seen.lines.values():
        yield from lines.values()
