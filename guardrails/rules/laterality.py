"""EV-016: the side of the code and the side of the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codebook.sides import Mirrored, mirrored, site_of
from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.told_side import OPPOSITE, settled, sides_near
from records.laterality import sides_in


@rule(
    "EV-016",
    title="Laterality disagrees",
    severity="review",
    source="Official Guidelines I.B.13",
)
def laterality(coded: CodedChart) -> Iterator[Hit]:
    """The side the code says is the side the evidence says: in its quotes, else in their sentences, else wherever the
    chart names that part of the body, else anywhere. Evidence that says only the other side is a block; evidence for
    both sides, or a side the chart does not settle, is for a person."""
    for diagnosis in coded.known:
        sides = mirrored(coded.book, diagnosis.code)
        if sides.side not in ("left", "right", "bilateral") or not diagnosis.weighed:
            continue
        said = _said(diagnosis.detailed) or _said(diagnosis.sentences)
        spans = tuple(judged.span for judged in diagnosis.weighed)
        if said:
            if fault := _fault(coded, sides, said):
                severe = sides.side in OPPOSITE and said == {OPPOSITE[sides.side]}
                message = f"{diagnosis.title}: the evidence {fault}."
                yield Hit(message, (diagnosis.name,), spans, severity="block" if severe else "review")
        elif fault := _fault(coded, sides, _elsewhere(coded, diagnosis)):
            yield Hit(f"{diagnosis.title}: the evidence names no side, and the chart {fault}.", (diagnosis.name,), spans)


def _said(texts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(sides_in, texts))


def _elsewhere(coded: CodedChart, diagnosis: Diagnosis) -> frozenset[str]:
    """The sides the chart names for the code's part of the body, or for anything when it never does."""
    site = site_of(diagnosis.entry.description) if diagnosis.entry is not None else ""
    return settled(sides_near(coded, site) or [sides for _, sides in coded.sided_sentences])


def _fault(coded: CodedChart, sides: Mirrored, said: frozenset[str]) -> str:
    """What is wrong with the code's side by what was said; empty when nothing is."""
    if not said:
        return "names no side"
    if sides.side == "bilateral":
        return "" if "bilateral" in said else "names one side only"
    if sides.side not in said:
        other = OPPOSITE[sides.side]
        if "bilateral" not in said:
            return f"names the {other} side"
        paired = getattr(sides, other)
        both_coded = any(diagnosis.code == paired for diagnosis in coded.diagnoses)
        return "" if both_coded and not sides.bilateral else "names both sides"
    return ""
