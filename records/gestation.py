"""Weeks of gestation as a chart writes them, and the trimester they fall in."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WEEKS = re.compile(
    r"\b(\d{1,2})\s?(?:w(?:ks?|eeks?)?\s?(?:[0-6]\s?(?:d(?:ays?)?)?|(?:and )?[0-6]/7)?|(?:\s?[0-6]/7)?\s?(?:weeks?|wks?))\b"
    r"(?=[^.;\n]{0,40}\b(?:gestation|GA|pregnan\w*|IUP|EGA|gest|by (?:LMP|US|ultrasound))\b)"
    r"|\b(?:IUP|EGA|GA|gestational age|gestation|pregnan\w*)\b[^.;\n\d]{0,25}(\d{1,2})\s?(?:w|wks?|weeks?|\d/7)\w*"
    r"|\b(\d{1,2})w[0-6]d\b"
)
_LONGEST = 45
# The Tabular List, chapter 15: from 14 weeks 0 days, and from 28 weeks 0 days.
_SECOND, _THIRD = 14, 28


def weeks_stated(text: str) -> tuple[int, ...]:
    """The completed weeks the text gives for a pregnancy, each time it gives some; none that are not possible."""
    found = (int(next(filter(None, match.groups()))) for match in _WEEKS.finditer(text))
    return tuple(weeks for weeks in found if 0 < weeks < _LONGEST)


def weeks_of_gestation(text: str) -> int | None:
    """The last of the weeks a text gives for a pregnancy; None when it gives none."""
    stated = weeks_stated(text)
    return stated[-1] if stated else None


def trimester_of(texts: Iterable[str]) -> str:
    """The trimester of the last weeks that any of the texts gives, in the titles' words; empty when none gives any."""
    stated = [weeks for text in texts if (weeks := weeks_of_gestation(text)) is not None]
    return trimester(stated[-1]) if stated else ""


def trimester(weeks: int) -> str:
    """The trimester in words, as the classification's titles write it."""
    if weeks < _SECOND:
        return "first trimester"
    return "second trimester" if weeks < _THIRD else "third trimester"
