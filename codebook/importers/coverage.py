"""Billing and coding articles of the Medicare Coverage Database: the export of current articles, an archive of CSV tables.

An article lists services, and the diagnoses that support them or do not, each in numbered groups; what the groups have to do
with each other is said in words, which are not stored. Nor is any description: those of services are the AMA's.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from codebook.dating import Period, until
from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import normalise
from codebook.release import BookError, NotARelease
from codebook.store import Content, Filled, Progress

SCHEMA = """
-- start and finish are the first and the last date of this version of the article, finish NULL for none known
CREATE TABLE article (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, title TEXT NOT NULL, start TEXT NOT NULL, finish TEXT,
    lcds TEXT NOT NULL
);
CREATE TABLE contractor (number TEXT NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (number, article)) WITHOUT ROWID;
CREATE TABLE procedure (
    article INTEGER NOT NULL, code TEXT NOT NULL, part INTEGER NOT NULL, PRIMARY KEY (article, code, part)
) WITHOUT ROWID;
CREATE INDEX procedure_code ON procedure (code);
-- marked: the article puts an asterisk on the code, which its text explains
CREATE TABLE diagnosis (
    article INTEGER NOT NULL, code TEXT NOT NULL, covered INTEGER NOT NULL, part INTEGER NOT NULL, marked INTEGER NOT NULL,
    PRIMARY KEY (article, code, covered, part)
) WITHOUT ROWID;
CREATE INDEX diagnosis_code ON diagnosis (code);
"""
_ARTICLES = "article.csv"
_SERVICE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: .*)?|(\d\d?)/(\d\d?)/(\d{4})(?: .*)?")
# Active, retired, and in force from a later date: the dates of each say when. Others were never in force.
_DATED = frozenset("ARF")
_ENDS = ("article_end_date", "article_rev_end_date", "date_retired")
_KEY = ("article_id", "article_version")
# The tables that are read beside the articles, and what of each: never a description, never a paragraph.
_TABLES = {
    "article_x_hcpc_code.csv": (*_KEY, "hcpc_code_id", "hcpc_code_group"),
    "article_x_icd10_covered.csv": (*_KEY, "icd10_code_id", "icd10_covered_group", "asterisk"),
    "article_x_icd10_noncovered.csv": (*_KEY, "icd10_code_id", "icd10_noncovered_group"),
    "article_x_contractor.csv": (*_KEY, "contractor_id", "contractor_type_id", "contractor_version"),
    "contractor.csv": ("contractor_id", "contractor_type_id", "contractor_version", "contractor_number"),
    "article_related_documents.csv": (*_KEY, "r_lcd_id"),
    "article_future_retire.csv": ("article_id", "retire_dt"),
}
_OF_ARTICLES = (*_KEY, "title", "status", "last_updated", "article_eff_date", *_ENDS)
_Row = dict[str, str]


class Article(NamedTuple):
    """One version of an article as it is stored."""

    id: int
    name: str
    version: int
    title: str
    start: str
    finish: str | None
    lcds: str


def read(source: Source) -> Intake | None:
    """The articles in an export; None when the file is something else. BookError when it is one but not whole."""
    heading = (source.head[0] if source.head else "").replace('"', "").split(",")
    if heading[0] == "lcd_id":
        raise NotARelease("local coverage determinations hold no code lists: import the export of current articles")
    if heading[:2] != list(_KEY):
        return None
    if source.archive is None:
        raise NotARelease("that is one table of the coverage export: import the archive as it was downloaded")
    if source.name.lower() != _ARTICLES or "article_eff_date" not in heading:
        raise NotARelease("that is a table of the coverage export without its articles")
    tables = {name: list(_table(source, name, columns)) for name, columns in _TABLES.items()}
    articles = list(_rows(source, _OF_ARTICLES))
    newest = max((_day(row["last_updated"]) or "" for row in articles), default="")
    if not newest:
        raise BookError("the coverage export holds no articles")
    start = date.fromisoformat(newest)
    period = Period(start, until(start, "quarter"))
    return Intake("coverage", _content(articles, tables), source.name, period=period, tables=tuple(_TABLES))


def _table(source: Source, name: str, columns: tuple[str, ...]) -> Iterator[_Row]:
    beside = source.beside(name)
    if beside is None:
        raise BookError(f"the coverage export is not whole: {name} is missing")
    return _rows(beside, columns)


def _rows(source: Source, columns: tuple[str, ...]) -> Iterator[_Row]:
    """The wanted columns of a table; its others are not looked at."""
    heading, *body = source.table or [[]]
    missing = [column for column in columns if column not in heading]
    if missing:
        raise BookError(f"the table {source.name} of the coverage export has no column {missing[0]}")
    places = {column: heading.index(column) for column in columns}
    for number, row in enumerate(body, 2):
        if row and len(row) != len(heading):
            raise BookError(f"row {number} of the table {source.name} is not whole")
        if row:
            yield {column: row[place].strip() for column, place in places.items()}


def _content(articles: list[_Row], tables: dict[str, list[_Row]]) -> Content:
    def fill(connection: sqlite3.Connection, progress: Progress) -> Filled:
        left: Counter[tuple[str, str]] = Counter()
        kept = _articles(articles, tables, left)
        ids = {(name.removeprefix("A"), str(version)): place for place, name, version, *_ in kept.values()}
        connection.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?)", kept.values())
        connection.executemany("INSERT OR IGNORE INTO contractor VALUES (?, ?)", _contractors(tables, ids, left))
        connection.executemany("INSERT OR IGNORE INTO procedure VALUES (?, ?, ?)", _services(tables, ids, left))
        for covered, name in ((1, "article_x_icd10_covered.csv"), (0, "article_x_icd10_noncovered.csv")):
            found = _diagnoses(tables[name], ids, covered, left)
            connection.executemany("INSERT OR IGNORE INTO diagnosis VALUES (?, ?, ?, ?, ?)", found)
        progress("writing articles", len(kept))
        return Filled(len(kept), left)

    return Content(SCHEMA, fill)


def _articles(
    articles: list[_Row], tables: dict[str, list[_Row]], left: Counter[tuple[str, str]]
) -> dict[tuple[str, str], Article]:
    """The versions that have dates and name a service."""
    lcds: dict[tuple[str, ...], set[str]] = {}
    for row in tables["article_related_documents.csv"]:
        if row["r_lcd_id"] not in ("", "0"):
            lcds.setdefault(_key(row), set()).add(f"L{row['r_lcd_id']}")
    retiring = {row["article_id"]: _day(row["retire_dt"]) for row in tables["article_future_retire.csv"]}
    with_services = {_key(row) for row in tables["article_x_hcpc_code.csv"]}
    kept: dict[tuple[str, str], Article] = {}
    for row in articles:
        key = _key(row)
        start, ends = _day(row["article_eff_date"]), [_day(row[name]) for name in _ENDS]
        finish = min(filter(None, (*ends, retiring.get(key[0]))), default=None)
        name = f"A{key[0]}"
        if row["status"] not in _DATED or start is None or (row["status"] == "R" and finish is None):
            left["article without a status and dates that say when it is in force", f"{name} version {key[1]}"] += 1
        elif key not in with_services:
            left["article that lists no service", f"{name} version {key[1]}"] += 1
        elif not (key[0].isdigit() and key[1].isdigit()) or key in kept:
            raise BookError(f"the coverage export is corrupt: {name} version {key[1]} is there twice or has no number")
        else:
            named = " ".join(sorted(lcds.get(key, ())))
            kept[key] = Article(len(kept) + 1, name, int(key[1]), row["title"], start, finish, named)
    return kept


def _key(row: _Row) -> tuple[str, str]:
    return row["article_id"], row["article_version"]


def _contractors(
    tables: dict[str, list[_Row]], ids: dict[tuple[str, str], int], left: Counter[tuple[str, str]]
) -> Iterator[tuple[str, int]]:
    columns = ("contractor_id", "contractor_type_id", "contractor_version")
    numbers = {tuple(row[one] for one in columns): row["contractor_number"] for row in tables["contractor.csv"]}
    for row in tables["article_x_contractor.csv"]:
        number = numbers.get(tuple(row[one] for one in columns), "")
        if _key(row) in ids and number:
            yield number, ids[_key(row)]
        elif _key(row) in ids:
            left["contractor of an article without a number", row["contractor_id"]] += 1


def _services(
    tables: dict[str, list[_Row]], ids: dict[tuple[str, str], int], left: Counter[tuple[str, str]]
) -> Iterator[tuple[int, str, int]]:
    for row in tables["article_x_hcpc_code.csv"]:
        code = row["hcpc_code_id"].upper()
        if _key(row) in ids and _SERVICE.fullmatch(code):
            yield ids[_key(row)], code, _part(row["hcpc_code_group"])
        elif _key(row) in ids:
            left["not a service code", code] += 1


def _diagnoses(
    table: list[_Row], ids: dict[tuple[str, str], int], covered: int, left: Counter[tuple[str, str]]
) -> Iterator[tuple[int, str, int, int, int]]:
    group = "icd10_covered_group" if covered else "icd10_noncovered_group"
    for row in table:
        code = normalise(row["icd10_code_id"])
        if _key(row) in ids and code is not None:
            yield ids[_key(row)], code, covered, _part(row[group]), int(row.get("asterisk", "") not in ("", "N"))
        elif _key(row) in ids:
            left["not an ICD-10-CM code", row["icd10_code_id"]] += 1


def _part(written: str) -> int:
    if not written.isdigit():
        raise BookError("the coverage export is corrupt: a code stands in a group without a number")
    return int(written)


def _day(written: str) -> str | None:
    """A date as the export writes it; None for an empty cell."""
    if not written:
        return None
    found = _DAY.fullmatch(written)
    try:
        if found is None:
            raise ValueError
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[4], found[5])
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise BookError("the coverage export has a date that is none: it is corrupt") from None
