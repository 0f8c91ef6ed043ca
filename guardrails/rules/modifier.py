"""HC-002: modifiers that are none, or stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codebook import hcpcs
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.rules.service_code import SERVICES

_SHAPE = re.compile(r"[0-9A-Z]{2}")
# Level I modifiers are two figures, some with a letter; the licensee's file holds codes only.
_LEVEL_ONE = re.compile(r"\d{2}|\d[A-Z]")
_SIDES = frozenset({"LT", "RT", "50"})


@rule(
    "HC-002",
    title="Modifier",
    severity="review",
    source="CMS HCPCS Level II modifiers; Medicare Claims Processing Manual, chapter 23",
)
def modifier(coded: CodedChart) -> Iterator[Hit]:
    """Every modifier has the shape of one, is in the Level II list of the date where that list is held with modifiers, and
    stands once; no code is said to be of one side and of both. A diagnosis or an ICD-10-PCS code carries none."""
    on = coded.encounter.code_set_date
    for assignment in coded.codes:
        given = tuple(one.strip().upper() for one in assignment.modifiers)
        if given and assignment.system not in SERVICES:
            yield Hit("A code of this system carries no modifier.", (assignment.code,))
            continue
        for one in given:
            if not _SHAPE.fullmatch(one):
                yield Hit("A modifier has not the shape of one.", (assignment.code,))
            elif not _LEVEL_ONE.fullmatch(one) and (found := hcpcs.modifier(one, on)).held and not found.valid:
                yield Hit(f"A modifier is not valid in {found.release}.", (assignment.code,))
        if len(set(given)) < len(given):
            yield Hit("A modifier stands twice.", (assignment.code,))
        if "50" in given and len(_SIDES & set(given)) > 1:
            yield Hit("The modifiers say both sides and one side.", (assignment.code,))
