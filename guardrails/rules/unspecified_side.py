"""EV-017: unspecified codes although the evidence names the detail."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.sides import mirrored, sides_in
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "EV-017",
    title="Side unspecified though named",
    severity="review",
    source="Official Guidelines I.B.13 and I.B.18",
)
def unspecified_side(coded: CodedChart) -> Iterator[Hit]:
    """A code for an unspecified side is not used when the evidence, or the sentence it stands in, names one side. Other
    detail the evidence names is rule EV-015."""
    for diagnosis in coded.known:
        sides = mirrored(coded.book, diagnosis.code)
        if sides.side != "unspecified":
            continue
        said = frozenset().union(*map(sides_in, diagnosis.detailed)) or frozenset().union(*map(sides_in, diagnosis.sentences))
        if said in ({"left"}, {"right"}, {"both"}) and (better := _code_for(sides, next(iter(said)))):
            spans = tuple(judged.span for judged in diagnosis.usable)
            yield Hit(f"{diagnosis.title}: the evidence names the side; see {better}.", (diagnosis.name,), spans)


def _code_for(sides: object, side: str) -> str:
    return str(getattr(sides, "bilateral" if side == "both" else side))
