"""What the offline model would hand in, worked out from what it has observed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from agent.models.offline.body_mass import body_mass
from agent.models.offline.choice import Choice
from agent.models.offline.combination import combined
from agent.models.offline.conditions import CLOSING, PURPOSE, REASON, REPORT_REASON, STORY, Condition, gather
from agent.models.offline.consistency import examined, inconsistent
from agent.models.offline.encounter_character import with_encounter
from agent.models.offline.histories import told
from agent.models.offline.knowledge import knowledge
from agent.models.offline.laterality import sided
from agent.models.offline.observations import Mention, Observations
from agent.models.offline.queries import queries
from agent.models.offline.ranges import within
from agent.models.offline.sequence import ordered

# A code is cited where the provider concludes it and once where it is told.
CONCLUSIONS_CITED = 2
STORY_CITED = 2
_NO_SUCH_CODE = "the book of the date has no such code"


@dataclass
class Plan:
    """Codes to report, leading one first; what was looked at and not coded, with the reason; queries to
    draft; codes still to be read."""

    choices: list[Choice] = field(default_factory=list)
    rejected: list[tuple[Condition, str]] = field(default_factory=list)
    queries: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def plan(seen: Observations) -> Plan:
    """Work out the plan. As long as ``unread`` is not empty the codes there must be read first."""
    made = Plan()
    facts = seen.facts or {}
    conditions = gather(seen.mentions or ())
    if not facts.get("code_everything"):
        conditions = list(told(conditions))
    kept = [one for one in conditions if _asserted(one, seen, facts, made)]
    if not facts.get("code_everything"):
        kept = list(_located(kept, facts, made))
        kept = list(_specific(kept, made))
        kept = list(_unexplained(kept, made))
    choices = combined(list(_sided([_choice(one, seen, facts) for one in kept], seen)))
    choices = [with_encounter(choice, seen) for choice in choices]
    choices = [*choices, *body_mass(choices, seen)]
    made.queries = queries(choices, made.rejected, seen)
    for choice in choices:
        reason = _NO_SUCH_CODE if seen.unknown(choice.code) else inconsistent(choice, choices)
        if reason:
            made.rejected.append((Condition(choice.code, "", True, list(choice.mentions)), reason))
        else:
            made.choices.append(choice)
    made.choices = ordered(examined(made.choices), seen)
    made.unread += [choice.code for choice in made.choices if choice.code not in seen.codes]
    return made


def _asserted(one: Condition, seen: Observations, facts: dict[str, Any], made: Plan) -> bool:
    """Whether the chart asserts the condition as its code needs it; asks for the code to be read first."""
    if not one.complete:
        made.rejected.append((one, "needs more detail than the chart gives"))
        return False
    if seen.unknown(one.code):
        made.rejected.append((one, _NO_SUCH_CODE))
        return False
    if one.code not in seen.codes:
        made.unread.append(one.code)
        return False
    if usable(one, seen, facts):
        return True
    assertion = one.mentions[0].assertion
    reasons = {
        "absent": "denied or ruled out",
        "uncertain": "uncertain, and this claim codes only what is certain",
        "historical": "of the past",
        "family": "of a relative",
        "hypothetical": "conditional: it is not said that the patient has it",
        "other_person": "of another person",
        "present": "the code needs another kind of statement",
    }
    made.rejected.append((one, reasons[assertion]))
    return False


def usable(one: Condition, seen: Observations, facts: dict[str, Any]) -> list[Mention]:
    """The mentions that are asserted as the code needs, by somebody who may establish a diagnosis."""
    needed = set(seen.codes[one.code]["evidence"]["assertions"])
    if "present" in needed:
        needed |= {"historical"} if facts.get("code_everything") else set()
    return [
        mention
        for mention in one.mentions
        if _entitled(one, mention, facts)
        and (
            mention.assertion in needed
            or (
                "present" in needed
                and (_is_reason(one, mention) or (_is_final(mention, facts) and not one.asserted(("absent",))))
            )
        )
    ]


def _entitled(one: Condition, mention: Mention, facts: dict[str, Any]) -> bool:
    """Whether the author may establish the diagnosis; of nurses and others only what I.B.14 lets them document."""
    role = facts["cards"].get(mention.document, {}).get("author_role", "unknown")
    return role not in knowledge().not_entitled.split() or within(one.code, knowledge().documented_by_others)


def _is_final(mention: Mention, facts: dict[str, Any]) -> bool:
    """Whether an uncertain diagnosis still stands at discharge, on a claim that then codes it (II.H, III.C)."""
    if mention.assertion != "uncertain" or not facts.get("uncertain_diagnoses_are_coded"):
        return False
    kinds = {name: str(card.get("kind", "")) for name, card in facts["cards"].items()}
    final = {name for name, kind in kinds.items() if "discharge" in kind or "death" in kind}
    return mention.document in final if final else True


def _is_reason(one: Condition, mention: Mention) -> bool:
    """Above a report, "history of cough" is why the study was made; "history of breast cancer" is a history there too."""
    reason = mention.assertion == "historical" and mention.section in REPORT_REASON
    return reason and not within(one.code, knowledge().past)


def _located(conditions: list[Condition], facts: dict[str, Any], made: Plan) -> Iterator[Condition]:
    """Conditions from where the provider concludes; chronic ones from the story as well."""
    closing = CLOSING | {"hospital_course"} if facts.get("leading_role") == "principal" else CLOSING
    concluded = {
        mention.document
        for one in conditions
        for mention in one.mentions
        if mention.section in closing and not one.status and not one.external
    }
    for one in conditions:
        reason = _out_of_place(one, closing, concluded)
        if reason:
            made.rejected.append((one, reason))
        else:
            yield one


def _out_of_place(one: Condition, closing: frozenset[str], concluded: set[str]) -> str:
    """Why a condition is not reported from where it stands; empty when it may be."""
    sections = {mention.section for mention in one.mentions}
    if one.external:
        return "" if sections & (CLOSING | STORY) else "the event is told where no provider tells it"
    if one.status:
        return _status_out_of_place(one, sections)
    if sections & (closing | REPORT_REASON):
        return ""
    if any(mention.section in STORY and (not concluded or mention.document not in concluded) for mention in one.mentions):
        return "" if not (one.symptom and concluded) else "a symptom that the provider's conclusions do not name"
    if within(one.code, knowledge().chronic) and sections & STORY:
        return ""
    if one.symptom:
        return "a symptom that the provider's conclusions do not name"
    return "not evaluated or treated at this encounter"


def _status_out_of_place(one: Condition, sections: set[str]) -> str:
    if within(one.code, knowledge().vague):
        return "says too little to be reported"
    if within(one.code, knowledge().drugs) or within(one.code, knowledge().states):
        return ""
    if within(one.code, knowledge().reasons) and sections & (CLOSING | REASON | {"other"}):
        return "" if any(mention.heads or mention.section in PURPOSE for mention in one.mentions) else "not why the patient came"
    return "a circumstance that did not affect this encounter"


def _specific(conditions: list[Condition], made: Plan) -> Iterator[Condition]:
    """No vague code beside a telling one: not of the same category, and no code that says nothing at all."""
    for one in conditions:
        if within(one.code, knowledge().vague) and len(conditions) > 1:
            made.rejected.append((one, "other codes say more"))
        elif any(_says_more(other, one) for other in conditions):
            made.rejected.append((one, "a code of the same category says more"))
        else:
            yield one


def _says_more(other: Condition, one: Condition) -> bool:
    """Whether another code of the category names the same condition in more detail."""
    if other.code == one.code or other.code[:3] != one.code[:3]:
        return False
    if "uncomplicated" in one.description and other.code[:-1] == one.code[:-1] and " with " in other.description:
        return True
    if "unspecified" not in one.description.lower():
        return False
    if "unspecified" in other.description.lower():
        return one.code[4:5] == "9" != other.code[4:5]
    said, more = _names(one.description), _names(other.description)
    # The .9 of a category says no more than its name; any other code must name the same condition.
    return one.code[4:5] == "9" or len(said & more) >= len(said) / 2


def _names(description: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", description.lower())) - {"unspecified", "other", "with", "without", "encounter"}


def _unexplained(conditions: list[Condition], made: Plan) -> Iterator[Condition]:
    """Diagnoses, and the symptoms that none of them explains."""
    diagnoses = [one for one in conditions if not one.symptom and not one.status and one.asserted(("present", "uncertain"))]
    for one in conditions:
        because = _explained_by(one, diagnoses) if one.symptom else None
        if because is None:
            yield one
        else:
            made.rejected.append((one, f"a symptom of {because.code} {because.description}"))


def _explained_by(symptom: Condition, diagnoses: list[Condition]) -> Condition | None:
    for symptoms, explaining in knowledge().explained:
        if within(symptom.code, symptoms):
            for one in diagnoses:
                if within(one.code, explaining):
                    return one
    return None


def _choice(one: Condition, seen: Observations, facts: dict[str, Any]) -> Choice:
    mentions = usable(one, seen, facts)
    ranked = sorted(
        mentions, key=lambda mention: (mention.section not in CLOSING, not mention.heads, mention.section not in STORY)
    )
    concluded = [mention for mention in ranked if mention.section in CLOSING][:CONCLUSIONS_CITED]
    told = [mention for mention in ranked if mention.section not in CLOSING][: 1 if concluded else STORY_CITED]
    return Choice(one.code, (*concluded, *told), "", tuple(seen.codes[one.code]["guidelines"][:2]))


def _sided(choices: list[Choice], seen: Observations) -> Iterator[Choice]:
    """Every choice with the side the chart names for it."""
    reported: set[str] = set()
    for choice in choices:
        for code in sided(choice.code, choice.mentions, seen):
            if code not in reported:
                reported.add(code)
                yield choice if code == choice.code else replace(choice, code=code, why="the chart names the side elsewhere")
