"""CM-004: missing or wrong 7th characters and placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

FULL_LENGTH = 7


@rule(
    "CM-004",
    title="7th character and placeholder",
    severity="block",
    source="Official Guidelines I.A.4 and I.A.5",
)
def seventh_character(coded: CodedChart) -> Iterator[Hit]:
    """A category with 7th characters needs one of its own, at the seventh place, with X in every empty place before
    it; a code without them takes none."""
    for diagnosis in coded.diagnoses:
        entry = diagnosis.entry
        if entry is not None and entry.seventh_characters and not entry.billable:
            listed = ", ".join(sorted(entry.seventh_characters))
            yield Hit(f"{diagnosis.title} needs a 7th character ({listed}).", (diagnosis.name,))
        elif entry is None and (message := _stem_fault(coded, diagnosis)):
            yield Hit(message, (diagnosis.name,))


def _stem_fault(coded: CodedChart, diagnosis: Diagnosis) -> str:
    """What is wrong with an unknown code whose beginning the book has; empty when it is not a matter of the ending."""
    stem = coded.book.normalise(diagnosis.name.strip().upper()[:-1].rstrip(".")) if len(diagnosis.name) > 1 else None
    while stem is not None and len(stem) > 3 and (entry := coded.book.entry(stem)) is None:
        stem = coded.book.normalise(stem[:-1].rstrip("."))
    entry = coded.book.entry(stem) if stem is not None else None
    if entry is None or stem is None:
        return ""
    if entry.seventh_characters:
        if len(diagnosis.name.replace(".", "").strip()) < FULL_LENGTH:
            return f"{stem} takes its 7th character at the seventh place: X fills the empty places."
        listed = ", ".join(sorted(entry.seventh_characters))
        return f"{stem} has no such 7th character; it has {listed}."
    return f"{stem} is complete and takes no further character." if entry.billable else ""
