"""The 7th character of an injury: active treatment unless the chart speaks of care after it (Official Guidelines I.C.19.a)."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.models.offline.choice import Choice
from agent.models.offline.observations import Observations
from agent.models.offline.ranges import within

_INJURIES = "S00-T34 M80 M84.3"
_FULL = len("S00.00XA")
_SOME = r"(?:\d+|two|three|four|five|six|eight|ten|twelve) ?(?:wks?|weeks?|months?|mos?)"
_AFTER = re.compile(
    r"\bheal(?:ing|ed)\b|\bcallus\b|\bunion\b|\brecheck\b|\bout of (?:the )?(?:cast|plaster|splint)\b"
    r"|\bcast (?:removal|removed|off|change)\b|\bsutures? (?:removal|removed|out)\b"
    rf"|\b{_SOME} (?:s/p|status post|post[- ]?op|out from|out\b|after (?:fracture|fx|injury|surgery))",
    re.IGNORECASE,
)


def with_encounter(choice: Choice, seen: Observations) -> Choice:
    """The choice with the character for a subsequent encounter when its own lines, or the purpose of the visit, say so."""
    if not (len(choice.code) == _FULL and choice.code[-1] == "A" and within(choice.code, _INJURIES)):
        return choice
    after = choice.code[:-1] + "D"
    lines = (seen.lines.get(mention.document, {}).get(mention.line, "") for mention in choice.mentions)
    if seen.unknown(after) or not any(_AFTER.search(line) for line in lines):
        return choice
    return replace(choice, code=after, why="care after active treatment", guidelines=("I.C.19.a",))
