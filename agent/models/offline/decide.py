"""The offline policy: from what was observed to the next action. Pure: same observations, same action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent.models.offline.choice import Choice
from agent.models.offline.observations import Observations
from agent.models.offline.plan import Plan, plan
from records.code import Citation, Considered, Draft, DraftCode, Poa

CONSIDERED_AT_MOST = 40


@dataclass(frozen=True)
class Action:
    """Tool calls to make (name, arguments), or, when there are none, the draft to hand in."""

    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    draft: Draft | None = None


def decide(seen: Observations) -> Action:
    """The next action: read the chart, find its mentions, read the codes they lead to, draft queries, hand in."""
    if seen.facts is None:
        return Action(
            (
                ("read_chart", {}),
                *(("read_chart", {"document": one["id"]}) for one in seen.documents),
                ("find_mentions", {}),
            )
        )
    rest = [("read_chart", {"document": name, "from_line": line}) for name, line in seen.unread()]
    rest += [("find_mentions", call) for call in seen.unfound()]
    if rest:
        return Action(tuple(rest))
    made = plan(seen)
    if made.unread:
        return Action(tuple(("read_code", {"code": code}) for code in dict.fromkeys(made.unread)))
    waiting = [query for query in made.queries if not seen.asked("draft_query", query)]
    if waiting:
        return Action(tuple(("draft_query", query) for query in waiting))
    return Action(draft=_draft(made, seen))


def _draft(made: Plan, seen: Observations) -> Draft:
    facts = seen.facts or {}
    codes = []
    for number, choice in enumerate(made.choices, 1):
        codes.append(
            DraftCode(
                code=choice.code,
                role=facts["leading_role"] if number == 1 else "secondary",
                sequence=number,
                poa=_poa(choice, seen),
                evidence=tuple(Citation(document=m.document, quote=m.quote, line=m.line) for m in choice.mentions),
                rationale=choice.why,
                guidelines=choice.guidelines,
            )
        )
    considered = [
        Considered(
            code=condition.code,
            reason=reason,
            evidence=tuple(Citation(document=m.document, quote=m.quote, line=m.line) for m in condition.mentions[:1]),
        )
        for condition, reason in made.rejected[:CONSIDERED_AT_MOST]
    ]
    return Draft(codes=tuple(codes), considered=tuple(considered))


def _poa(choice: Choice, seen: Observations) -> Poa | None:
    """Exempt by the book; else present, because nothing in the mentions says that it arose during the stay."""
    if not (seen.facts or {}).get("poa_reported"):
        return None
    return "exempt" if seen.codes[choice.code]["poa_exempt"] else "Y"
