"""The order of the codes: the reason for the encounter first, and what a "code first" note names before what it stands at."""

from __future__ import annotations

import re

from agent.models.offline.choice import Choice
from agent.models.offline.observations import Observations
from agent.models.offline.ranges import within

_REFERENCE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]*)?(?:-[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]*)?)?")
# They say something beside another diagnosis and never lead (I.B.14, I.C.1.b, I.C.20, I.C.21.c).
_NEVER_FIRST = "Z79-Z99 Z66-Z68 Z55-Z65 Z37 Z3A V00-Y99 B95-B97 R65 Z15-Z17"
# Reported first or not at all (I.C.21.c.15).
_ONLY_FIRST = "Z00-Z02 Z04 Z33.2 Z34 Z38 Z39 Z42 Z51.0 Z51.1 Z76.1 Z76.2"
_RANK = {"diagnosis": 0, "assessment": 1, "assessment_plan": 1, "impression": 1, "mdm": 2, "addendum": 2, "plan": 3}
_LAST = 4


def ordered(choices: list[Choice], seen: Observations) -> list[Choice]:
    """The choices in the order they are reported."""
    documents = [document["id"] for document in seen.documents]
    found = sorted(choices, key=lambda choice: (_class(choice.code), *_place(choice, documents)))
    for choice in list(found):
        for first in _named_first(choice, seen, found):
            if found.index(first) > found.index(choice):
                found.remove(first)
                found.insert(found.index(choice), first)
    return found


def _class(code: str) -> int:
    """0 for what is reported first or not at all, 2 for what never leads, 1 for all else."""
    return 0 if within(code, _ONLY_FIRST) else 2 if within(code, _NEVER_FIRST) else 1


def _place(choice: Choice, documents: list[str]) -> tuple[int, int, int]:
    """Where it stands best: a list of diagnoses before an assessment before reasoning, by document, by offset."""
    return min((_RANK.get(mention.section, _LAST), documents.index(mention.document), mention.at) for mention in choice.mentions)


def _named_first(choice: Choice, seen: Observations, others: list[Choice]) -> list[Choice]:
    """The other choices that a code-first note of this one names."""
    notes = seen.codes.get(choice.code, {}).get("code_first", [])
    named = " ".join(reference.rstrip(".") for note in notes for reference in _REFERENCE.findall(note.partition("]")[2]))
    return [other for other in others if other is not choice and named and within(other.code, named)]
