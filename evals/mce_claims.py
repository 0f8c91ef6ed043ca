"""Random inpatient facility claims for comparing edits: bare diagnoses, an age and a sex, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from codebook.book import CodeBook
from records.code import Poa
from records.encounter import Sex

# Years and days: the first and the last age of every age edit, the day of birth and its month, and an age nobody has.
EDGES = ((0, 0), (0, 28), (0, 29), *((years, 0) for years in (1, 8, 9, 14, 15, 17, 18, 64, 65, 124, 125)))
_UNKNOWN_AGE, _PRINCIPAL_AGAIN, _INVALID = 0.05, 0.03, 0.03
_MOST_SECONDARIES = 6
_OLDEST = 110
_DAYS_TO_BIRTHDAY = 364
_POA: tuple[Poa | None, ...] = ("Y", "N", "U", "W", None)


@dataclass(frozen=True)
class Claim:
    """A stay: its diagnoses, the principal first, as the book writes them, each with its POA indicator; the patient's age on
    the first day in whole years, None when unknown, and the birth date that makes it so."""

    first_day: date
    discharge_date: date
    diagnoses: tuple[str, ...]
    poa: tuple[Poa | None, ...]
    age: int | None
    birth_date: date | None
    sex: Sex

    @property
    def principal(self) -> str:
        """The principal diagnosis."""
        return self.diagnoses[0]


class Codes:
    """Codes to draw from: half the time all billable codes alike, half the time all categories alike, so that the many codes
    of injuries do not crowd out the rest. Now and then it is a heading, or a code that does not exist."""

    def __init__(self, book: CodeBook) -> None:
        entries = list(book.entries())
        self.billable = [code for code, _, billable, _ in entries if billable]
        self.headings = [code for code, _, billable, _ in entries if not billable and "-" not in code and " " not in code]
        categories: dict[str, list[str]] = {}
        for code in self.billable:
            categories.setdefault(code[:3], []).append(code)
        self.categories = list(categories.values())

    def draw(self, chance: random.Random) -> str:
        """One code."""
        if chance.random() < _INVALID:
            return chance.choice(self.headings) if chance.random() < 0.5 else f"{chance.choice(self.billable)[:5]}Q"
        return chance.choice(self.billable if chance.random() < 0.5 else chance.choice(self.categories))


def claims(book: CodeBook, discharge_date: date, number: int, seed: int) -> Iterator[Claim]:
    """Claims of stays of three days that end on a date."""
    chance, codes, first_day = random.Random(seed), Codes(book), discharge_date - timedelta(3)
    for _ in range(number):
        diagnoses = [codes.draw(chance) for _ in range(1 + chance.randint(0, _MOST_SECONDARIES))]
        if chance.random() < _PRINCIPAL_AGAIN:
            diagnoses.append(diagnoses[0])
        age, born = _age(chance, first_day)
        yield Claim(
            first_day=first_day,
            discharge_date=discharge_date,
            diagnoses=tuple(diagnoses),
            poa=tuple(chance.choice(_POA) for _ in diagnoses),
            age=age,
            birth_date=born,
            sex=chance.choice(get_args(Sex)),
        )


def _age(chance: random.Random, first_day: date) -> tuple[int | None, date | None]:
    if chance.random() < _UNKNOWN_AGE:
        return None, None
    drawn = chance.randint(0, _OLDEST), chance.randint(0, _DAYS_TO_BIRTHDAY)
    years, days = chance.choice(EDGES) if chance.random() < 0.5 else drawn
    return years, first_day.replace(year=first_day.year - years) - timedelta(days)
