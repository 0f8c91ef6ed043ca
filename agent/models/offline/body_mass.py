"""The body mass index code beside a diagnosis of weight, for adults, by the value charted (Official Guidelines I.B.14)."""

from __future__ import annotations

import re

from agent.models.offline.choice import Choice
from agent.models.offline.consistency import WEIGHT
from agent.models.offline.observations import Mention, Observations
from agent.models.offline.ranges import within

_VALUE = re.compile(r"\b(?:BMI|body mass index)\b[^0-9\n]{0,20}(\d{2}(?:\.\d+)?)", re.IGNORECASE)
_ADULT = 20
# The upper bounds of Z68.1 and of Z68.41 to Z68.44; between 20 and 40 each whole number has its code.
_UNDER, _WHOLE_TO = 20, 40
_ABOVE = ((45, "Z68.41"), (50, "Z68.42"), (60, "Z68.43"), (70, "Z68.44"))


def body_mass(choices: list[Choice], seen: Observations) -> list[Choice]:
    """The code of the last value charted, when a diagnosis of weight is reported for an adult; else nothing."""
    age = (seen.facts or {}).get("age_years")
    if age is None or age < _ADULT or not any(within(choice.code, WEIGHT) for choice in choices):
        return []
    if any(within(choice.code, "Z68") for choice in choices):
        return []
    found = [
        (document, number, match)
        for document, lines in seen.lines.items()
        for number, text in lines.items()
        for match in _VALUE.finditer(text)
    ]
    if not found:
        return []
    document, number, match = found[-1]
    mention = Mention(document, "vitals", number, match.group(), 0, 0, "present", False, "value", 1.0, ())
    return [Choice(_code(float(match.group(1))), (mention,), "the body mass index charted", ("I.B.14", "I.C.21.c.3"))]


def _code(value: float) -> str:
    if value < _UNDER:
        return "Z68.1"
    if value < _WHOLE_TO:
        return f"Z68.{int(value)}"
    return next((code for bound, code in _ABOVE if value < bound), "Z68.45")
