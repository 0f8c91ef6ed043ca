"""The tool ``check_payer``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from codebook import payer as payers
from codebook.payer import CoverageRule, PayerRule, Role
from codebook.release import BookError
from tools.tool import Desk, ToolError

SHOWN_RULES = 12
SHOWN_CODES = 40
_ROLES: dict[Role, str] = {
    "procedure": "the rule is about this procedure",
    "covered": "a diagnosis that the rule covers",
    "not_covered": "a diagnosis that the rule does not cover",
}


def check_payer(
    desk: Desk,
    code: Annotated[str, Field(description="The diagnosis or procedure code the question is about.", max_length=12)],
) -> dict[str, Any]:
    """Ask what the payer of this encounter says of a code: coverage, medical necessity, policies in force on the date, each with
    its source and dates. "not held" means that no rules of this payer are held for the date, or not all, "no rule" that those
    held do not speak of the code; neither means that the code is permitted."""
    encounter = desk.chart.encounter
    known = desk.book.normalise(code) or code.strip().upper()
    if not known.replace(".", "").isalnum():
        raise ToolError("check_payer: that is not a code")
    shown: dict[str, Any] = {"code": known, "payer": encounter.payer or "unknown"}
    try:
        answer = payers.check(known, encounter.payer, encounter.code_set_date)
    except BookError as error:
        return {**shown, "answer": "not held", "reason": str(error), "rules": []}
    said = "not held" if not answer.held else "rules" if answer.rules else "no rule"
    told = {"version": answer.version, "coverage": answer.coverage, "lacking": answer.lacking}
    left_out = len(answer.rules) - SHOWN_RULES
    return {
        **shown,
        "answer": said,
        **{name: text for name, text in told.items() if text},
        "rules": [_shown(rule, role) for rule, role in answer.rules[:SHOWN_RULES]],
        **({"more_rules": left_out} if left_out > 0 else {}),
    }


def _shown(rule: CoverageRule, role: Role) -> dict[str, Any]:
    dates = {"start": rule.start.isoformat(), "end": rule.end.isoformat() if rule.end else None}
    lists = {"procedures": rule.procedures}
    if isinstance(rule, PayerRule):
        lists |= {"covered": rule.covered, "not_covered": rule.not_covered}
    return {
        "rule": rule.id,
        "kind": rule.kind,
        "title": rule.title,
        "this_code": _ROLES[role],
        "source": rule.source,
        **dates,
        **{name: _codes(codes) for name, codes in lists.items() if codes},
        **({"note": rule.note} if rule.note else {}),
    }


def _codes(codes: tuple[str, ...]) -> list[str]:
    more = len(codes) - SHOWN_CODES
    return [*codes[:SHOWN_CODES], *([f"and {more} more"] if more > 0 else [])]
