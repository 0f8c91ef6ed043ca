"""Evidence in the wrong place: another author, another encounter, a list, a form; and statements that contradict it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evals.redteam.clean import Item
from evals.redteam.data import table
from evals.redteam.kinds.statements import names, plain_name
from evals.redteam.seed import Bench, Seeded, added, with_document, with_line
from records.chart import Chart

_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_OTHER_SIDE = {"left": "right", "right": "left"}
_OTHERS = ("nurse", "dietitian", "pharmacist", "therapist", "scribe")
_SECTIONS = ("REVIEW OF SYSTEMS", "PATIENT INSTRUCTIONS", "QUESTIONNAIRE", "RETURN PRECAUTIONS")
_LISTS = ("PAST MEDICAL HISTORY", "PROBLEM LIST")
_TOLD = ("{x}.", "Seen for {x} again today.", "Here with {x}.")
_DOUBTED = re.compile(r"c/w|\bvs\b|consistent with|suspicious|concern", re.IGNORECASE)
# Ulcers may be staged by others; symptoms may be told of in a review of systems.
_BY_OTHERS = ("L89", "L97", "L98", "R29.7", "R40.2")
_SYMPTOMS = ("R", "M25", "M54", "M79", "H57", "N64", "G89")


def conflicting(bench: Bench) -> Iterator[Seeded]:
    """A code beside a second statement that cannot be true as well: the other side, another type, stage or state."""
    for item in bench.shuffled(bench.clean.items):
        for line, section in bench.shuffled([*_other_side(bench, item), *_other_type(item.code)])[:1]:
            chart, _ = with_line(bench.clean.chart, line, section)
            yield Seeded(chart, bench.clean.draft(item), item.code, item)


def _other_side(bench: Bench, item: Item) -> Iterator[tuple[str, str]]:
    entry = bench.clean.book.entry(item.code)
    if entry is None or len(_SIDE.findall(entry.description)) != 1:
        return
    for citation in item.evidence:
        name = plain_name(citation["quote"])
        if len(_SIDE.findall(name)) == 1:
            other = _SIDE.sub(lambda found: _OTHER_SIDE[found.group().lower()], name)
            line = bench.dice.choice(_TOLD).replace("{x}", other)
            yield line[0].upper() + line[1:], "HISTORY OF PRESENT ILLNESS"


def _other_type(code: str) -> Iterator[tuple[str, str]]:
    for row in table("conflicts"):
        if code.startswith(tuple(row["codes"])):
            yield row["line"], row["section"]


def contradicted(bench: Bench) -> Iterator[Seeded]:
    """A code whose own words the assessment denies."""
    for item in bench.shuffled(bench.clean.of("must")):
        name = plain_name(item.evidence[0]["quote"])
        if len(item.evidence) == 1 and name.replace(" ", "").isalpha() and not item.code.startswith("Z"):
            chart, _ = with_line(bench.clean.chart, f"No {name}.", "ASSESSMENT")
            yield Seeded(chart, bench.clean.draft(item), item.code, item)


def author(bench: Bench) -> Iterator[Seeded]:
    """A condition that only somebody documents who may not establish it."""
    for item, name in names(bench):
        if not item.code.startswith(_BY_OTHERS):
            yield _in_document(bench, item.code, name, author_role=bench.dice.choice(_OTHERS))


def other_encounter(bench: Bench) -> Iterator[Seeded]:
    """A condition out of a document of another encounter."""
    for item, name in names(bench):
        yield _in_document(bench, item.code, name, encounter_id="another-encounter")


def unsigned(bench: Bench) -> Iterator[Seeded]:
    """A condition that stands only in an unsigned document."""
    for item, name in names(bench):
        yield _in_document(bench, item.code, name, signed=False)


def uncodable_section(bench: Bench) -> Iterator[Seeded]:
    """A disease that stands only where no diagnosis is made."""
    for item, name in _diseases(bench):
        yield _in_line(bench, item.code, name, bench.dice.choice(_SECTIONS))


def only_listed(bench: Bench) -> Iterator[Seeded]:
    """A disease that is only listed."""
    for item, name in _diseases(bench):
        yield _in_line(bench, item.code, name, bench.dice.choice(_LISTS))


def _diseases(bench: Bench) -> Iterator[tuple[Item, str]]:
    """Certain diseases in words that cannot be taken for a heading."""
    for item, name in names(bench):
        if not item.code.startswith(_SYMPTOMS) and not name.isupper() and not _DOUBTED.search(name):
            yield item, name


def _in_document(bench: Bench, code: str, name: str, **fields: Any) -> Seeded:
    chart, document = with_document(bench.clean.chart, f"ASSESSMENT\n\n{name[0].upper()}{name[1:]}.\n", **fields)
    return _quoting(bench, code, name, chart, document)


def _in_line(bench: Bench, code: str, name: str, section: str) -> Seeded:
    chart, document = with_line(bench.clean.chart, f"{name[0].upper()}{name[1:]}", section)
    return _quoting(bench, code, name, chart, document)


def _quoting(bench: Bench, code: str, name: str, chart: Chart, document: str) -> Seeded:
    return added(bench, code, [{"document": document, "quote": f"{name[0].upper()}{name[1:]}"}], chart)
