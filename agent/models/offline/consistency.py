"""What the codes of one chart ask of each other: no status without its reason, no cause without its injury."""

from __future__ import annotations

from dataclasses import replace

from agent.models.offline.choice import Choice
from agent.models.offline.conditions import CLOSING
from agent.models.offline.queries import disputed
from agent.models.offline.ranges import within

WEIGHT = "E66 R63.4 R63.5 R63.6 E43 E44 E46"
# General examinations without and with abnormal findings (I.C.21.c.13).
_ABNORMAL = {"Z00.00": "Z00.01", "Z00.129": "Z00.121", "Z01.00": "Z01.01", "Z01.10": "Z01.118", "Z01.419": "Z01.411"}


def inconsistent(choice: Choice, choices: list[Choice]) -> str:
    """Why a choice cannot stand beside, or without, the others; empty when it can."""
    codes = [other.code for other in choices if other is not choice]
    if disputed(choice, choices):
        return "the documentation conflicts: the provider is queried"
    if choice.code[0] in "VWXY":
        return _cause(choice.code, codes)
    if within(choice.code, "Z68") and not _any(codes, WEIGHT):
        return "no diagnosis of weight is reported"
    if within(choice.code, "Z87.891") and _any(codes, "F17.2 Z72.0"):
        return "tobacco is used now"
    if within(choice.code, "Z08 Z09") and any(code[0] not in "ZVWXY" for code in codes):
        return "the condition followed up is still there"
    return ""


def _cause(code: str, codes: list[str]) -> str:
    """External causes stand beside an injury only (I.C.20.a), and an unspecified fall not beside a told one."""
    if not _any(codes, "S00-T88 M80 M84.3"):
        return "no injury that it caused is reported"
    return "another cause says more" if within(code, "W19") and _any(codes, "W00-W18") else ""


def _any(codes: list[str], references: str) -> bool:
    return any(within(code, references) for code in codes)


def examined(choices: list[Choice]) -> list[Choice]:
    """An examination is one with abnormal findings when the provider concludes a condition at it."""
    concluded = any(
        choice.code[0] != "Z" and any(mention.section in CLOSING for mention in choice.mentions) for choice in choices
    )
    return [_abnormal(choice) for choice in choices] if concluded else choices


def _abnormal(choice: Choice) -> Choice:
    code = _ABNORMAL.get(choice.code)
    return replace(choice, code=code, guidelines=("I.C.21.c.13",)) if code else choice
