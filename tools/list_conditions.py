"""The tool ``list_conditions``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from codebook.spotting import Mention
from records.assertion import Assertion
from records.chart import Document
from records.reading import reading
from tools.find_mentions import CANDIDATES, candidate, is_heading
from tools.tool import Desk, ToolError

GROUPS_PER_CALL = 60
PLACES = 6


@dataclass
class _Group:
    """All mentions that lead to the same codes and are meant in the same way."""

    codes: tuple[str, ...]
    assertion: str
    ambiguous: bool
    terms: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    lines: set[tuple[str, int]] = field(default_factory=set)


_Groups = dict[tuple[tuple[str, ...], str, bool], _Group]


def list_conditions(
    desk: Desk,
    assertion: Annotated[str, Field(description="Only what is meant so, for instance present; empty for all.")] = "",
    from_number: Annotated[int, Field(description="The first one to show, 1-based.", ge=1)] = 1,
) -> dict[str, Any]:
    """For a long chart, instead of find_mentions: every condition found in all documents once, each with its words, how it is
    meant, where it stands (document:line section) and its candidate codes, best first. Candidates marked with + need more
    characters. Read the lines before you cite them. A miss proves nothing. "next" is the from_number to go on with; what was
    not listed yet, or is kept out by an assertion, stays unread."""
    if assertion and assertion not in {one.value for one in Assertion}:
        raise ToolError(f"list_conditions: assertion is one of {', '.join(one.value for one in Assertion)}")
    groups: _Groups = {}
    for document in desk.chart.documents:
        _gather(desk, document, groups)
    wanted = [group for group in groups.values() if not assertion or group.assertion == assertion]
    shown = wanted[from_number - 1 : from_number - 1 + GROUPS_PER_CALL]
    answer: dict[str, Any] = {"conditions": [_shown(desk, group) for group in shown], "of": len(wanted)}
    if from_number - 1 + GROUPS_PER_CALL < len(wanted):
        answer["next"] = from_number + GROUPS_PER_CALL
    if not assertion and from_number - 1 <= desk.conditions_listed:
        desk.conditions_listed = max(desk.conditions_listed, from_number - 1 + len(shown))
        _mark_read(desk, wanted)
    if notice := desk.index_notice(desk.chart.documents):
        answer["notice"] = notice
    return answer


def _mark_read(desk: Desk, groups: list[_Group]) -> None:
    """Every line has been searched; it counts as read when no condition on it is still to be shown."""
    hidden = {line for group in groups[desk.conditions_listed :] for line in group.lines}
    for document in desk.chart.documents:
        lines = (number for number in range(1, len(document.lines) + 1) if (document.id, number) not in hidden)
        desk.lines_read.setdefault(document.id, set()).update(lines)


def _gather(desk: Desk, document: Document, groups: _Groups) -> None:
    read = reading(document)
    for mention in desk.mentions(document):
        section = read.section_at(mention.start)
        if is_heading(section, mention):
            continue
        asserted = desk.chart.encounter.meant(read.assertion(mention.start, mention.end)).value
        codes = tuple(mention.codes[:CANDIDATES])
        group = groups.setdefault((codes, asserted, mention.ambiguous), _Group(codes, asserted, mention.ambiguous))
        group.terms.setdefault(_words(document, mention))
        line = document.line_of(mention.start)
        group.places.setdefault(f"{document.id}:{line} {section.kind}")
        group.lines.add((document.id, line))


def _words(document: Document, mention: Mention) -> str:
    return " ".join(document.text[mention.start : mention.end].lower().split())


def _shown(desk: Desk, group: _Group) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "words": list(group.terms)[:PLACES],
        "assertion": group.assertion,
        "at": list(group.places)[:PLACES],
        "codes": [candidate(desk.book, code) for code in group.codes],
    }
    if group.ambiguous:
        shown["ambiguous"] = True
    if len(group.places) > PLACES:
        shown["more_places"] = len(group.places) - PLACES
    return shown
