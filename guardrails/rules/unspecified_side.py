"""EV-017: unspecified codes although the evidence names the detail."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.sides import Mirrored, mirrored
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from records.laterality import sides_in


@rule(
    "EV-017",
    title="Side unspecified though named",
    severity="review",
    source="Official Guidelines I.B.13 and I.B.18",
)
def unspecified_side(coded: CodedChart) -> Iterator[Hit]:
    """A code for an unspecified side is not used when the evidence, or the sentence it stands in, names one side or both. Other
    detail the evidence names is rule EV-015."""
    for diagnosis in coded.known:
        sides = mirrored(coded.book, diagnosis.code)
        if sides.side != "unspecified":
            continue
        said = frozenset().union(*map(sides_in, diagnosis.detailed)) or frozenset().union(*map(sides_in, diagnosis.sentences))
        if better := _codes_for(sides, said):
            spans = tuple(judged.span for judged in diagnosis.weighed)
            yield Hit(f"{diagnosis.title}: the evidence names the side; see {better}.", (diagnosis.name,), spans)


def _codes_for(sides: Mirrored, said: frozenset[str]) -> str:
    """The codes for the sides that were said; of both sides without a code of their own, those of either."""
    if "bilateral" in said:
        return sides.bilateral or f"{sides.left} and {sides.right}"
    return sides.left if "left" in said else sides.right if "right" in said else ""
