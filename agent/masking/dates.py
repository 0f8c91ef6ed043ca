"""Dates of a chart, found and shifted by the same number of days, each in its own spelling and at its own length."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept"
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?![\d/-]|\.\d)")
_ISO = re.compile(r"(?<![\d/.-])(?P<year>\d{4})(?P<sep>[/-])(?P<a>\d{2})(?P=sep)(?P<b>\d{2})(?!\d|[/-]\d)")
_WORDS = re.compile(rf"(?i)\b(?P<month>{_MONTH})(?P<dot>\.?)(?P<gap>\s+)(?P<day>\d{{1,2}})(?P<comma>,?\s+)(?P<year>\d{{4}})\b")
# Four years, 1461 days, are among them: by so many every date of the calendar keeps its length.
_LONGEST_SHIFT, _SHORTEST_SHIFT = 1500, 30
_CENTURY = 100


@dataclass(frozen=True)
class Found:
    """A date as it is written: where, when, and in which spelling."""

    start: int
    text: str
    on: date
    form: re.Match[str]

    def shifted(self, days: int) -> str | None:
        """The date so many days later in the same spelling; None when that needs another number of characters."""
        try:
            on = self.on + timedelta(days)
        except OverflowError:
            return None
        written = _write(self.form, on)
        return written if len(written) == len(self.text) else None


def find(text: str) -> Iterator[Found]:
    """Every full date in a text, in no order. What is no date of the calendar is none."""
    for pattern in (_NUMERIC, _ISO, _WORDS):
        for match in pattern.finditer(text):
            on = _read(match)
            if on:
                yield Found(match.start(), match.group(), on, match)


def shift_for(found: Iterable[Found], chance: random.Random) -> int | None:
    """So many days that every date keeps its length, taken by chance; None when there is no such number."""
    every = list(found)
    candidates = list(range(-_LONGEST_SHIFT, -_SHORTEST_SHIFT))
    chance.shuffle(candidates)
    return next((days for days in candidates if all(one.shifted(days) for one in every)), None)


def _read(match: re.Match[str]) -> date | None:
    given = match.groupdict()
    year = int(given["year"])
    if len(given["year"]) == 2:
        year += 2000 if year < 70 else 1900
    month, day = (_month(given["month"]), int(given["day"])) if "month" in given else (int(given["a"]), int(given["b"]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(word.lower()[:3]))


def _write(form: re.Match[str], on: date) -> str:
    given = form.groupdict()
    year = f"{on.year:04}" if len(given["year"]) == 4 else f"{on.year % _CENTURY:02}"
    if "month" in given:
        name, like = MONTHS[on.month - 1], given["month"].lower()
        # "May" may be the whole name or a short one; taken as short, it keeps its length among the short ones.
        word = name if like in MONTHS and like != "may" else name[: len(like)]
        cased = word.upper() if given["month"].isupper() else word.capitalize() if given["month"][0].isupper() else word
        return f"{cased}{given['dot']}{given['gap']}{_digits(on.day, given['day'])}{given['comma']}{year}"
    a, b, sep = _digits(on.month, given["a"]), _digits(on.day, given["b"]), given["sep"]
    return f"{year}{sep}{a}{sep}{b}" if form.re is _ISO else f"{a}{sep}{b}{sep}{year}"


def _digits(number: int, like: str) -> str:
    return str(number).zfill(len(like))
