"""What the lists of payment say of a diagnosis on a date: CC and MCC of inpatient stays, HCC of Medicare risk adjustment."""

from __future__ import annotations

from datetime import date
from typing import Literal

from codebook import holdings
from codebook.answer import Answer
from codebook.reference import normalise
from records.base import Record

MCC, CC, HCC = "mcc", "cc", "hcc"


class Complication(Answer):
    """Whether a diagnosis is a major complication (MCC), one (CC), or neither. ``mark`` is None when that is not known: a code
    that is not on the one list that is held may be on the other. ``release`` is the list that says so."""

    code: str
    mark: Literal["MCC", "CC", "neither"] | None = None


class Category(Record):
    """One condition category of one model; ``paid`` is whether the model counts the diagnosis for it in the payment year."""

    model: str
    hcc: int
    paid: bool


class Categories(Answer):
    """The condition categories of a diagnosis; ``held`` and none means that it has none in any model of the mapping."""

    code: str
    categories: tuple[Category, ...] = ()


def complication(code: str, on: date) -> Complication:
    """Whether the complete lists of a date have a diagnosis as MCC or CC. Exclusions by principal diagnosis are not looked at."""
    written = normalise(code) or code
    lists = {book: holdings.find(book, on) for book in (MCC, CC)}
    for book, found in lists.items():
        if found is not None and found.connection.execute("SELECT 1 FROM code WHERE code = ?", (written,)).fetchone():
            mark: Literal["MCC", "CC"] = "MCC" if book == MCC else "CC"
            return Complication(code=written, mark=mark, release=found.release.id, in_force=found.in_force)
    both = [found for found in lists.values() if found is not None]
    if len(both) < len(lists):
        return Complication(code=written)
    names = ", ".join(found.release.id for found in both)
    return Complication(code=written, mark="neither", release=names, in_force=all(found.in_force for found in both))


def categories(code: str, on: date) -> Categories:
    """The condition categories a mapping gives a diagnosis; ``held`` is False when none is held for the date."""
    written = normalise(code) or code
    found = holdings.find(HCC, on)
    if found is None:
        return Categories(code=written)
    rows = found.connection.execute("SELECT model, hcc, paid FROM category WHERE code = ? ORDER BY model, hcc", (written,))
    held = tuple(Category(model=model, hcc=hcc, paid=bool(paid)) for model, hcc, paid in rows)
    return Categories(code=written, categories=held, release=found.release.id, in_force=found.in_force)
