"""CM-004: missing or wrong 7th characters and placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from codebook.book import CodeBook
from codebook.entry import CodeEntry
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
    entry = _beginning(coded.book, diagnosis.name.strip().upper())
    if entry is None:
        return ""
    if entry.seventh_characters:
        if len(diagnosis.name.replace(".", "").strip()) < FULL_LENGTH:
            return f"{entry.code} takes its 7th character at the seventh place: X fills the empty places."
        listed = ", ".join(sorted(entry.seventh_characters))
        return f"{entry.code} has no such 7th character; it has {listed}."
    return f"{entry.code} is complete and takes no further character." if entry.billable else ""


def _beginning(book: CodeBook, name: str) -> CodeEntry | None:
    """The entry of the longest beginning of a code that the book has; None when it has none."""
    written = (book.normalise(name[:length].rstrip(".")) for length in reversed(range(len(name))))
    entries = (book.entry(code) for code in written if code)
    return next(filter(None, entries), None)
