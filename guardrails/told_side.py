"""Which side the chart tells of, where the evidence of a code names none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from guardrails.coded_chart import CodedChart

OPPOSITE = {"left": "right", "right": "left"}
_MANY = 3


def sides_near(coded: CodedChart, site: str) -> list[frozenset[str]]:
    """The sides that each sentence about this part of the body names; none for an empty site."""
    return [sides for sentence, sides in coded.sided_sentences if site and site in sentence]


def settled(found: Iterable[frozenset[str]]) -> frozenset[str]:
    """The one side that is told of, though the other is compared with it ("the left foot is normal"); else all that are named."""
    named = list(found)
    counted = Counter(next(iter(sides)) for sides in named if len(sides) == 1)
    for side, other in OPPOSITE.items():
        if counted[side] >= _MANY * max(1, counted[other]) and not counted["bilateral"]:
            return frozenset({side})
    return frozenset().union(*named)
