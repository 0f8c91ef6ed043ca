"""The queries the offline model drafts: for conflicts, for missing detail with indicators, for nothing to code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from agent.models.offline.choice import Choice
from agent.models.offline.conditions import CLOSING, Condition
from agent.models.offline.observations import Mention, Observations
from agent.models.offline.ranges import within

INDICATORS_AT_MOST = 3
_QUOTE_AT_MOST = 160

Query = dict[str, Any]


def queries(choices: list[Choice], rejected: list[tuple[Condition, str]], seen: Observations) -> list[Query]:
    """The arguments of every ``draft_query`` call that the chart asks for, conflicts first."""
    found = [*_conflicts(choices, rejected), *_sides(choices, rejected, seen), *_details(choices, seen)]
    if not choices:
        found += _nothing_codable(rejected)
    return found


def disputed(choice: Choice, choices: list[Choice]) -> bool:
    """Whether another choice cannot be true beside this one."""
    return any(
        within(choice.code, row[mine]) and any(within(other.code, row[theirs]) for other in choices)
        for row in _table()["conflict"]
        for mine, theirs in (("one", "other"), ("other", "one"))
    )


def _conflicts(choices: list[Choice], rejected: list[tuple[Condition, str]]) -> Iterator[Query]:
    """Two statements of which one cannot be true, where a code to be reported rests on one of them."""
    stated = [(choice.code, choice.mentions[0]) for choice in choices]
    beside = stated + [(one.code, mention) for one, _ in rejected if (mention := _present(one)) is not None]
    for row in _table()["conflict"]:
        for mine, theirs in (("one", "other"), ("other", "one")):
            one = [mention for code, mention in stated if within(code, row[mine])]
            other = [mention for code, mention in beside if within(code, row[theirs])]
            if one and other:
                yield _query("conflict", row, [_of_mention(one[0]), _of_mention(other[0])])
                break


def _sides(choices: list[Choice], rejected: list[tuple[Condition, str]], seen: Observations) -> Iterator[Query]:
    """A condition to be reported of one side that the chart also states of the other."""
    reported = {choice.code for choice in choices}
    for choice in choices:
        sides = seen.codes.get(choice.code, {}).get("sides", {})
        mirror = {"left": sides.get("right"), "right": sides.get("left")}.get(sides.get("side", ""))
        opposed = [mention for one, _ in rejected if one.code == mirror and (mention := _present(one)) is not None]
        if opposed and mirror not in reported:
            yield _query("conflict", _table()["side"][0], [_of_mention(choice.mentions[0]), _of_mention(opposed[0])])


def _present(one: Condition) -> Mention | None:
    """The first mention of a condition that states it of the patient now."""
    return next((mention for mention in one.mentions if mention.assertion == "present"), None)


def _details(choices: list[Choice], seen: Observations) -> Iterator[Query]:
    for row in _table()["detail"]:
        for choice in choices:
            description = seen.codes.get(choice.code, {}).get("description", "").lower()
            vague = not row.get("unspecified") or "unspecified" in description
            if within(choice.code, row["codes"]) and vague:
                suggested = list(_lines(row["indicator"], seen))[: INDICATORS_AT_MOST - 1]
                if suggested:
                    yield _query("specificity", row, [_of_mention(choice.mentions[0]), *suggested])
                break


def _nothing_codable(rejected: list[tuple[Condition, str]]) -> Iterator[Query]:
    mentions = [condition.mentions[0] for condition, _ in rejected if not condition.status and not condition.external]
    concluded = [mention for mention in mentions if mention.section in CLOSING] or mentions
    if concluded:
        row = {
            "title": "Clarification of the reason for the encounter",
            "question": "No diagnosis, symptom or other reason is documented that can be reported. Please document the reason for"
            " this encounter and your assessment of the findings quoted below.",
            "options": [],
        }
        yield _query("no_codable_reason", row, [_of_mention(mention) for mention in concluded[:INDICATORS_AT_MOST]])


def _query(reason: str, row: dict[str, Any], indicators: list[dict[str, Any]]) -> Query:
    unique = [indicator for place, indicator in enumerate(indicators) if indicator not in indicators[:place]]
    kind = "multiple_choice" if row["options"] else "open"
    return {
        "reason": reason,
        "title": row["title"],
        "question": row["question"],
        "indicators": unique,
        "options": row["options"],
        "kind": kind,
    }


def _of_mention(mention: Mention) -> dict[str, Any]:
    return {"document": mention.document, "line": mention.line, "quote": mention.quote.splitlines()[0].strip()}


def _lines(pattern: str, seen: Observations) -> Iterator[dict[str, Any]]:
    """What around the pattern stands in the chart, sentence by sentence, verbatim."""
    wanted = re.compile(rf"[^.;\n]{{0,60}}{pattern}[^.;\n]{{0,60}}", re.IGNORECASE)
    for document, lines in seen.lines.items():
        for number, text in lines.items():
            found = wanted.search(text)
            if found:
                yield {"document": document, "line": number, "quote": found.group().strip()[:_QUOTE_AT_MOST]}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("agent.models.offline").joinpath("queries.toml").read_text("utf-8"))
