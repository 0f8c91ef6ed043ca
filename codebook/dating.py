"""When a release is in force, from what its file and its name say."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from codebook.books import Cadence
from codebook.release import BookError

# ICD-10-CM and ICD-10-PCS took effect on this date; no release of anything here is older.
FIRST = date(2015, 10, 1)
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTH_DAY_YEAR = re.compile(rf"({'|'.join(MONTHS)})[-_ ]?(?:(\d{{1,2}})[-_, ]+)?(20\d\d)(?!\d)")
_EFFECTIVE = re.compile(r"eff(?:ective)?[-_. ]*(\d\d)[-_/](\d\d)[-_/](20\d\d)")
_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])(?!\d)")
_YEAR_MONTH = re.compile(rf"(20\d\d)[-_ ]?({'|'.join(_SHORT)})(?![a-z])")
_VERSION = re.compile(r"(?<![a-z0-9])v(\d\d)([0-3])r\d")
_FISCAL = re.compile(r"fy[-_ ]?(?:20)?(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
# NCCI counts its versions from 1994: version 32.2 is the third quarter of 2026.
_NCCI_YEARS = 1994


class Period(NamedTuple):
    """The dates from ``start`` to ``end``, both included."""

    start: date
    end: date


def fiscal_year(year: int) -> Period:
    """The federal fiscal year: from October of the year before to September."""
    return Period(date(year - 1, 10, 1), date(year, 9, 30))


def until(start: date, cadence: Cadence) -> date:
    """The last date of the fiscal year, quarter or calendar year that a date lies in."""
    if cadence == "fiscal":
        return date(start.year + (start.month >= 10), 9, 30)
    month = 12 if cadence == "year" else (start.month + 2) // 3 * 3
    return date(start.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def said_in_name(name: str, cadence: Cadence) -> Period | None:
    """The dates a publisher's file name gives; None when it gives none."""
    start = _start_in_name(name.lower(), cadence)
    return None if start is None else Period(start, until(start, cadence))


def _start_in_name(name: str, cadence: Cadence) -> date | None:
    try:
        if found := _MONTH_DAY_YEAR.search(name):
            return date(int(found[3]), MONTHS[found[1]], int(found[2] or 1))
        if found := _EFFECTIVE.search(name):
            return date(int(found[3]), int(found[1]), int(found[2]))
        if found := _QUARTER.search(name):
            return date(int(found[1]), 3 * int(found[2]) - 2, 1)
        if found := _YEAR_MONTH.search(name):
            return date(int(found[1]), _SHORT[found[2]], 1)
        if found := _VERSION.search(name):
            return date(_NCCI_YEARS + int(found[1]), 3 * int(found[2]) + 1, 1)
    except ValueError:
        return None
    return _year_in_name(name, cadence)


def _year_in_name(name: str, cadence: Cadence) -> date | None:
    if cadence == "fiscal" and (found := _FISCAL.search(name)):
        return fiscal_year(2000 + int(found[1])).start
    if cadence != "quarter" and (found := _YEAR.search(name)):
        return fiscal_year(int(found[1])).start if cadence == "fiscal" else date(int(found[1]), 1, 1)
    return None


def settle(
    names: Sequence[str],
    cadence: Cadence,
    year: int | None,
    said: Period | None,
    given: tuple[date | None, date | None],
    today: date,
) -> Period:
    """The dates of a file: what is given, else what it says, else what its names say, its own and its archive's, the more exact
    one first. BookError when they contradict each other, when there are none, or when no release can have them."""
    by_name = [period for name in names if (period := said_in_name(name, cadence))]
    own = said or min(by_name, key=_length, default=None) or (fiscal_year(year) if year else None)
    if year is not None and own is not None and not _within(own, fiscal_year(year)):
        raise BookError(
            f"the file says it is of fiscal year {year}, its name says {own.start} to {own.end}: one of them is wrong"
        )
    for named in by_name:
        if own is not None and (named.end < own.start or own.end < named.start):
            raise BookError(
                f"the file is in force from {own.start} to {own.end}, its name says {named.start} to {named.end}: one is wrong"
            )
    start = given[0] or (own.start if own else None)
    if start is None:
        raise BookError("the file does not say from when it is in force: give --start YYYY-MM-DD, and --end if it is known")
    end = given[1] or (own.end if own and own.end >= start else until(start, cadence))
    allowed = fiscal_year(year) if year else own
    if given != (None, None) and allowed is not None and not _within(Period(start, end), allowed):
        raise BookError(f"the dates given are not within what the file says of itself: {allowed.start} to {allowed.end}")
    return _plausible(Period(start, end), today)


def _length(period: Period) -> timedelta:
    return period.end - period.start


def _within(inner: Period, outer: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _plausible(period: Period, today: date) -> Period:
    if period.end < period.start:
        raise BookError(f"the release would end ({period.end}) before it starts ({period.start})")
    if period.start < FIRST:
        raise BookError(f"the release would start on {period.start}: ICD-10 code sets are in force from {FIRST}")
    if period.start > today + timedelta(days=550):
        raise BookError(f"the release would start on {period.start}: no release is published so far ahead")
    return period
