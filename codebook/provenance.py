"""Which releases and rules a chart of a date is decided by: what a result names so that it can be run again."""

from __future__ import annotations

from datetime import date

from codebook import holdings
from codebook.book import CodeBook
from codebook.books import books
from codebook.payer import payer_rules
from codebook.release import BookError

# What only helps to find, or only bears witness, decides nothing.
_UNDECIDING = frozenset(
    {
        "icd10cm",
        "icd10cm_codes",
        "icd10cm_index",
        "icd10cm_external",
        "icd10cm_neoplasm",
        "icd10cm_drug",
        "guidelines",
        "mcc",
        "cc",
        "hcc",
    }
)


def deciding(book: CodeBook, on: date) -> tuple[str, ...]:
    """The release of the book, the imported tables that answer for the date, and the version of the payer rules; one that is
    damaged is named as such."""
    named = [book.release.id]
    for other in books():
        if other not in _UNDECIDING:
            try:
                found = holdings.find(other, on)
            except BookError:
                named.append(f"{other} (damaged)")
            else:
                named += [found.release.id] if found else []
    try:
        rules = payer_rules()
    except BookError:
        return (*named, "payer-rules (damaged)")
    return (*named, f"payer-rules {rules.version}") if rules else tuple(named)
