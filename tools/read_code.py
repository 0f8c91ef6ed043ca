"""The tool ``read_code``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from codebook.book import CodeBook
from codebook.entry import CodeEntry
from codebook.guidelines import lookup
from codebook.marks import categories, complication
from codebook.poa import poa_exempt
from codebook.sides import mirrored
from tools.tool import Desk, ToolError

SHOWN_CHILDREN = 40
_NOT_HELD = "not held"


def read_code(
    desk: Desk,
    code: Annotated[str, Field(description="An ICD-10-CM code, with or without its dot.", max_length=12)],
) -> dict[str, Any]:
    """Read a code as the book prints it: description, path, whether it is billable, its notes with those inherited and the
    level each comes from, its seventh characters, its children and its siblings; with how its evidence must be asserted and
    the guideline sections that govern it. Read every code before handing it in."""
    book = desk.book
    known = book.normalise(code)
    entry = book.entry(known) if known else None
    if entry is None:
        raise ToolError(f"read_code: {book.release.id} has no such code")
    shown: dict[str, Any] = {
        "code": entry.code,
        "description": entry.description,
        "billable": entry.billable,
        "release": book.release.id,
        "in_force": book.in_force,
        "path": [f"{level} {_description(book, level)}".strip() for level in entry.path],
    }
    for kind, texts in _notes(entry).items():
        shown[kind] = texts
    if entry.inclusion_terms:
        shown["inclusion_terms"] = list(entry.inclusion_terms)
    if entry.seventh_characters:
        shown["seventh_characters"] = dict(entry.seventh_characters)
    sides = mirrored(book, entry.code)
    if sides.side:
        shown["sides"] = {name: code for name, code in vars(sides).items() if code}
    needed = book.need(entry.code)
    shown["evidence"] = {"assertions": sorted(needed.assertions), "sections": sorted(needed.sections or ())}
    on = desk.chart.encounter.code_set_date
    shown["poa_exempt"] = poa_exempt(entry.code, on)
    shown["guidelines"] = [one.section for one in lookup(code=entry.code, on=on)]
    shown["cc_mcc_hcc"] = _marks(entry.code, on)
    shown["children"] = _listed(book, entry.children)
    parent = book.entry(entry.path[-1]) if entry.path else None
    if parent:
        shown["siblings"] = _listed(book, tuple(child for child in parent.children if child != entry.code))
    return shown


def _listed(book: CodeBook, codes: tuple[str, ...]) -> list[str]:
    more = len(codes) - SHOWN_CHILDREN
    shown = [f"{code} {_description(book, code)}" for code in codes[:SHOWN_CHILDREN]]
    return [*shown, f"and {more} more"] if more > 0 else shown


def _notes(entry: CodeEntry) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for note in entry.notes:
        if note.kind != "inclusion_term":
            notes.setdefault(note.kind, []).append(f"[{note.level}] {note.text}")
    return notes


def _marks(code: str, on: date) -> dict[str, Any] | str:
    """CC and MCC, and HCC. A list that is not held is said to be so: that is not the same as "none"."""
    stay, risk = complication(code, on), categories(code, on)
    if not (stay.held or risk.held):
        return _NOT_HELD
    counted = [f"{one.model}: {one.hcc}" + ("" if one.paid else " (not paid)") for one in risk.categories]
    return {
        "cc_mcc": {"mark": stay.mark, "release": stay.release, "in_force": stay.in_force} if stay.held else _NOT_HELD,
        "hcc": {"categories": counted, "release": risk.release, "in_force": risk.in_force} if risk.held else _NOT_HELD,
    }


def _description(book: CodeBook, code: str) -> str:
    entry = book.entry(code)
    return entry.description if entry else ""
