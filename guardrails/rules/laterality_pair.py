"""CM-013: a right and a left code where there is one for both sides."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.sides import mirrored
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "CM-013",
    title="Both sides coded apart",
    severity="review",
    source="Official Guidelines I.B.13: the bilateral code where the classification has one",
)
def laterality_pair(coded: CodedChart) -> Iterator[Hit]:
    """When the right and the left code of one condition are both reported and the classification has a bilateral code,
    that one is reported; and no side is reported beside both, or beside an unspecified side."""
    by_code = {diagnosis.code: diagnosis for diagnosis in coded.known}
    for diagnosis in coded.known:
        sides = mirrored(coded.book, diagnosis.code)
        if sides.side == "right" and sides.left in by_code and sides.bilateral:
            names = (diagnosis.name, by_code[sides.left].name)
            yield Hit(f"{sides.bilateral} says both sides with one code.", names)
        if sides.side in ("right", "left"):
            for wider in (sides.bilateral, sides.unspecified):
                if wider in by_code:
                    names = (diagnosis.name, by_code[wider].name)
                    yield Hit(f"{diagnosis.title} is already said by {wider}, or says it better.", names)
