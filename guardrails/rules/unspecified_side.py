"""EV-017: unspecified codes although the evidence names the detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codebook.sides import Mirrored, mirrored, site_of
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.told_side import settled, sides_near
from records.laterality import sides_in


@rule(
    "EV-017",
    title="Side unspecified though named",
    severity="review",
    source="Official Guidelines I.B.13 and I.B.18",
)
def unspecified_side(coded: CodedChart) -> Iterator[Hit]:
    """A code for an unspecified side is not used when the evidence, or the sentence it stands in, names one side or both,
    nor when the chart names its part of the body on one side only. Other detail the evidence names is rule EV-015."""
    for diagnosis in coded.known:
        sides = mirrored(coded.book, diagnosis.code)
        if sides.side != "unspecified":
            continue
        said = _said(diagnosis.detailed) or _said(diagnosis.sentences) or _elsewhere(coded, sides)
        if better := _codes_for(sides, said):
            spans = tuple(judged.span for judged in diagnosis.weighed)
            yield Hit(f"{diagnosis.title}: the chart names the side; see {better}.", (diagnosis.name,), spans)


def _said(texts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(sides_in, texts))


def _elsewhere(coded: CodedChart, sides: Mirrored) -> frozenset[str]:
    """The one side on which the chart tells of the code's part of the body; nothing when it tells of both, or of neither."""
    entry = coded.book.entry(sides.left) if sides.left else None
    told = settled(sides_near(coded, site_of(entry.description) if entry is not None else ""))
    return told if len(told) == 1 else frozenset()


def _codes_for(sides: Mirrored, said: frozenset[str]) -> str:
    """The codes for the sides that were said; of both sides without a code of their own, those of either."""
    if "bilateral" in said:
        return sides.bilateral or f"{sides.left} and {sides.right}"
    return sides.left if "left" in said else sides.right if "right" in said else ""
