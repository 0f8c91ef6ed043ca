"""Breaches of the classification's conventions and of the order of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from codebook.book import CodeBook
from evals.redteam.clean import Item
from evals.redteam.data import table
from evals.redteam.seed import Bench, Seeded, added, with_line

_CATEGORY = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")


def integral_symptom(bench: Bench) -> Iterator[Seeded]:
    """A symptom that comes with a coded disease, told in a line of its own."""
    for row in bench.shuffled(table("symptoms")):
        disease = next((item for item in bench.clean.of("must") if item.code.startswith(tuple(row["disease"]))), None)
        if disease is not None and row["symptom"] not in bench.clean.right:
            chart, document = with_line(bench.clean.chart, row["words"], "ASSESSMENT")
            yield added(bench, row["symptom"], [{"document": document, "quote": row["words"].rstrip(".")}], chart)


def excludes1(bench: Bench) -> Iterator[Seeded]:
    """A code that an Excludes1 note printed at a coded code or at its category names."""
    for item in bench.shuffled(bench.clean.of("must")):
        entry = bench.clean.book.entry(item.code)
        notes = [note for note in (entry.notes if entry else ()) if note.kind == "excludes1" and len(note.level) <= 8]
        named = [code for note in notes for code in _CATEGORY.findall(note.text)]
        for code in bench.shuffled(named)[:2]:
            billable = _billable(bench.clean.book, code)
            if billable and billable not in bench.clean.right and billable[:3] != item.code[:3]:
                yield added(bench, billable, item.evidence)


def manifestation_first(bench: Bench) -> Iterator[Seeded]:
    """A manifestation in the first place."""
    for code in bench.shuffled([one for row in table("manifestations") for one in row["codes"]]):
        if code not in bench.clean.right and bench.clean.items:
            yield added(bench, code, bench.clean.items[0].evidence, first=True)


def partner_removed(bench: Bench) -> Iterator[Seeded]:
    """A code whose note asks for another one first or beside it, without that other one."""
    for row in table("partners"):
        for item in bench.clean.of("must"):
            if not item.code.startswith(tuple(row["code"])):
                continue
            kept = [one for one in bench.clean.of("must") if not one.code.startswith(tuple(row["partner"]))]
            if item in kept and len(kept) < len(bench.clean.of("must")):
                draft = {"codes": bench.clean.led([one.entry for one in kept])}
                yield Seeded(bench.clean.chart, draft, item.code, item)
    for row in bench.shuffled(table("partners")):
        if row["added"] and not any(code.startswith(tuple(row["partner"])) for code in bench.clean.right):
            yield added(bench, row["added"], bench.clean.items[0].evidence)


def combination_split(bench: Bench) -> Iterator[Seeded]:
    """The parts of a combination code instead of it. Its evidence goes with each of them."""
    for row in table("combinations"):
        for item in bench.clean.of("must"):
            if item.code in row["code"]:
                yield _split(bench, item, row["parts"])


def _split(bench: Bench, item: Item, parts: list[str]) -> Seeded:
    entries: list[dict[str, Any]] = []
    held = {one.code for one in bench.clean.of("must")}
    for one in bench.clean.of("must"):
        if one is not item:
            entries.append(one.entry)
            continue
        kept = [part for part in parts if not any(code.startswith(part[:3]) for code in held - {item.code})]
        entries += [item.changed(code=part, role=item.entry["role"] if part == kept[0] else "secondary") for part in kept]
    return Seeded(bench.clean.chart, {"codes": bench.clean.led(entries)}, parts[0], item)


def external_cause_first(bench: Bench) -> Iterator[Seeded]:
    """An external cause in the first place."""
    for code in bench.shuffled(["W19.XXXA", "V49.9XXA", "W01.0XXA", "Y93.01", "X58.XXXA"]):
        if code not in bench.clean.right:
            yield added(bench, code, bench.clean.items[0].evidence, first=True)


def wrong_age(bench: Bench) -> Iterator[Seeded]:
    """A code for another age."""
    years = bench.clean.chart.encounter.age_years
    if years is None:
        return
    for row in bench.shuffled(table("ages")):
        if not row["from"] <= years <= row["to"]:
            for code in bench.shuffled(row["codes"])[:2]:
                yield added(bench, code, bench.clean.items[0].evidence)


def _billable(book: CodeBook, code: str) -> str:
    """The first billable code at or below a reference."""
    entry = book.entry(code)
    while entry is not None and not entry.billable and entry.children:
        code = entry.children[0]
        entry = book.entry(code)
    return code if entry is not None and entry.billable else ""
