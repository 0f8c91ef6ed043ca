"""A past condition, or a relative's, as the code that says so."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from agent.models.offline.conditions import REPORT_REASON, Condition
from agent.models.offline.knowledge import knowledge
from agent.models.offline.ranges import within

_SAID = {"historical": "past", "family": "family"}


def told(conditions: list[Condition]) -> Iterator[Condition]:
    """The conditions as they are, those that are only told of the past or of a relative under the code for that."""
    made: dict[str, Condition] = {}
    for one in conditions:
        code = _code(one)
        if code is None:
            yield one
        elif code in made:
            made[code].mentions.extend(one.mentions)
        else:
            made[code] = Condition(code, one.description, True, list(one.mentions))
    named = {one.code for one in conditions}
    yield from (one for code, one in made.items() if code not in named)


def _code(one: Condition) -> str | None:
    assertions = {mention.assertion for mention in one.mentions}
    reason = any(mention.section in REPORT_REASON for mention in one.mentions) and not within(one.code, knowledge().past)
    if len(assertions) != 1 or reason:
        return None
    rows = _table().get(_SAID.get(assertions.pop(), ""), [])
    return next((history for codes, history in rows if within(one.code, codes)), None)


@cache
def _table() -> dict[str, list[list[str]]]:
    return tomllib.loads(files("agent.models.offline").joinpath("histories.toml").read_text("utf-8"))
