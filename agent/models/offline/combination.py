"""Related conditions brought into the codes that say them together."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from agent.models.offline.choice import Choice
from agent.models.offline.ranges import within

_DIABETES = "E08 E09 E10 E11 E13"


def combined(choices: list[Choice]) -> list[Choice]:
    """The choices with every pair that the classification presumes to be related under its own code."""
    found = list(choices)
    while _combine_one(found):
        pass
    return _once(_complications(found))


def _once(choices: list[Choice]) -> list[Choice]:
    """Each code once (I.B.12), with the mentions of all the choices that came to it."""
    found: dict[str, Choice] = {}
    for choice in choices:
        same = found.get(choice.code)
        found[choice.code] = (
            choice if same is None else replace(same, mentions=tuple(dict.fromkeys((*same.mentions, *choice.mentions))))
        )
    return list(found.values())


def _combine_one(found: list[Choice]) -> bool:
    for row in _table()["related"]:
        one = next((choice for choice in found if within(choice.code, row["one"])), None)
        other = next((choice for choice in found if within(choice.code, row["other"]) and choice is not one), None)
        if one is not None and other is not None:
            found[found.index(one)] = _both(one, other, row)
            if not row["keep"]:
                found.remove(other)
            return True
    return False


def _complications(found: list[Choice]) -> list[Choice]:
    """Each complication of diabetes under its own code; the uncomplicated code only when there is none (I.C.4.a)."""
    diabetes = next((choice for choice in found if within(choice.code, _DIABETES)), None)
    if diabetes is None:
        return found
    category = diabetes.code[:3]
    kept: list[Choice] = []
    for choice in found:
        row = next((row for row in _table()["diabetes"] if within(choice.code, row["other"]) and _said(choice, row)), None)
        if row is not None:
            kept.append(_both(diabetes, choice, row | {"use": row["use"].replace("?", category)}))
        if row is None or row["keep"]:
            kept.append(choice)
    said = {choice.code for choice in kept if choice.code.startswith(category)}
    return [choice for choice in kept if choice.code != f"{category}.9" or said == {choice.code}]


def _said(choice: Choice, row: dict[str, Any]) -> bool:
    return any(re.search(row.get("said", ""), mention.quote, re.IGNORECASE) for mention in choice.mentions)


def _both(one: Choice, other: Choice, row: dict[str, Any]) -> Choice:
    return replace(
        one,
        code=row["use"],
        mentions=(*one.mentions[:2], *other.mentions[:1]),
        why=f"{one.code} and {other.code} are presumed to be related",
        guidelines=(row["guideline"],),
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("agent.models.offline").joinpath("combinations.toml").read_text("utf-8"))
