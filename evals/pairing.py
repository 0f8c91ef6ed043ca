"""Which predicted code answers which gold group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pairing:
    """Every prediction and every must group of one chart, by place in the lists that were paired, each in one part only."""

    credited: dict[int, int]
    neutral: tuple[int, ...]
    extra: tuple[int, ...]
    missed: tuple[int, ...]


def pair(codes: Sequence[str], must: Sequence[Collection[str]], may: Collection[str]) -> Pairing:
    """Pair predicted codes with must groups so that as many groups as possible are answered, one prediction each.

    A prediction left over is neutral when a may group holds it, else an extra: also when a must group holds it that another
    prediction has answered. The one that would be neutral anyway is the one left over.
    """
    answered: dict[int, int] = {}  # group -> prediction
    for index in sorted(range(len(codes)), key=lambda index: (codes[index] in may, index)):
        _place(index, codes, must, answered, set())
    credited = {index: group for group, index in answered.items()}
    left = [index for index in range(len(codes)) if index not in credited]
    return Pairing(
        credited=dict(sorted(credited.items())),
        neutral=tuple(index for index in left if codes[index] in may),
        extra=tuple(index for index in left if codes[index] not in may),
        missed=tuple(group for group in range(len(must)) if group not in answered),
    )


def _place(index: int, codes: Sequence[str], must: Sequence[Collection[str]], answered: dict[int, int], tried: set[int]) -> bool:
    """Give the prediction a group, moving others to another group of theirs where that makes room (an augmenting path)."""
    for group, accepted in enumerate(must):
        if codes[index] in accepted and group not in tried:
            tried.add(group)
            if group not in answered or _place(answered[group], codes, must, answered, tried):
                answered[group] = index
                return True
    return False
