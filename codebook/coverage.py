"""The articles of Medicare contractors by date: which services they are about, and which diagnoses they list for them.

Lists decide only what they can. An article with several groups of services says in words which diagnoses are for which, and one
with several groups of diagnoses may want one of each: those words are not read, so a person has to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

from codebook import holdings
from codebook.answer import Answer
from codebook.holdings import Found
from codebook.importers.coverage import Article
from codebook.payer_rules import CoverageRule, Role
from records.base import Record

BOOK = "coverage"
_ARTICLES = """
SELECT a.id, a.name, a.version, a.title, a.start, a.finish, a.lcds FROM article a
WHERE a.start <= :on AND (a.finish IS NULL OR a.finish >= :on)
AND a.id IN (SELECT article FROM contractor WHERE number IN ({numbers}))
AND a.id IN (SELECT article FROM {table} WHERE code = :code)
ORDER BY a.name, a.start, a.version
"""
_PARTS = "SELECT COUNT(DISTINCT part) FROM {table} WHERE article = ?"


class Judgement(Record):
    """What one article makes of a service and the diagnoses of its claim; ``supported`` None: its lists do not settle it."""

    rule: CoverageRule
    supported: bool | None
    by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    why: str = ""


class Articles(Answer):
    """What the export says. ``lacking`` is why what it does not say is not known: it is not held for the date, or does not know
    one of the contractors. It is empty where no contractors were asked about."""

    lacking: str = ""
    rules: tuple[tuple[CoverageRule, Role], ...] = ()
    judgements: tuple[Judgement, ...] = ()


def lacking(contractors: tuple[str, ...], on: date) -> str:
    """Why what the articles of these contractors do not say on a date is not known; empty when it is."""
    return _asked(contractors, on)[1].lacking


def speaking(code: str, contractors: tuple[str, ...], on: date) -> Articles:
    """The articles of these contractors in force on a date that list a code, and as what."""
    found, answer = _asked(contractors, on)
    if found is None:
        return answer
    rules: list[tuple[CoverageRule, Role]] = []
    for one in _versions(found.connection, "procedure", code, contractors, on):
        rules.append((_rule(found, one), "procedure"))
    for one in _versions(found.connection, "diagnosis", code, contractors, on):
        excluded = _listed(found.connection, one.id, code, 0)
        rules.append((_rule(found, one), "not_covered" if excluded else "covered"))
    return answer.model_copy(update={"rules": tuple(rules)})


def judged(procedure: str, diagnoses: tuple[str, ...], contractors: tuple[str, ...], on: date) -> Articles:
    """What the articles about a service make of the diagnoses of its claim; one that lists no diagnosis at all is left out."""
    found, answer = _asked(contractors, on)
    if found is None:
        return answer
    versions = _versions(found.connection, "procedure", procedure, contractors, on)
    judgements = [_judgement(found, one, diagnoses) for one in versions if _parts(found.connection, "diagnosis", one.id)]
    return answer.model_copy(update={"judgements": tuple(judgements)})


def _asked(contractors: tuple[str, ...], on: date) -> tuple[Found | None, Articles]:
    if not contractors:
        return None, Articles()
    found = holdings.find(BOOK, on)
    if found is None:
        return None, Articles(lacking="the coverage export is not held")
    held = {number for (number,) in found.connection.execute("SELECT DISTINCT number FROM contractor")}
    unknown = [number for number in contractors if number not in held]
    why = ""
    if unknown:
        why = f"the coverage export has no article of contractor {', '.join(unknown)}"
    elif on < found.release.start:
        # What is in force now was in force then, where it says so; what was replaced or retired since is not in the export.
        why = f"the coverage export is held from {found.release.start} only"
    elif not found.in_force:
        why = f"the coverage export of {found.release.start} is no longer in force"
    return found, Articles(release=found.release.id, in_force=found.in_force, lacking=why)


def _versions(connection: sqlite3.Connection, table: str, code: str, contractors: tuple[str, ...], on: date) -> Iterator[Article]:
    """The latest version in force of every article that lists the code."""
    numbers = ", ".join(f":n{place}" for place in range(len(contractors)))
    given = {f"n{place}": number for place, number in enumerate(contractors)}
    rows = connection.execute(
        _ARTICLES.format(numbers=numbers, table=table), {**given, "on": on.isoformat(), "code": code.upper()}
    )
    yield from {version.name: version for version in map(Article._make, rows)}.values()


def _rule(found: Found, one: Article) -> CoverageRule:
    services = found.connection.execute("SELECT DISTINCT code FROM procedure WHERE article = ? ORDER BY code", (one.id,))
    by = f" ({one.lcds})" if one.lcds else ""
    return CoverageRule(
        id=one.name,
        kind="article",
        title=one.title or one.name,
        source=f"CMS Medicare Coverage Database, article {one.name} version {one.version}{by}, {found.release.id}",
        start=date.fromisoformat(one.start),
        end=date.fromisoformat(one.finish) if one.finish else None,
        procedures=tuple(code for (code,) in services),
    )


def _judgement(found: Found, one: Article, diagnoses: tuple[str, ...]) -> Judgement:
    connection = found.connection
    by = tuple(code for code in diagnoses if _listed(connection, one.id, code, 1))
    against = tuple(code for code in diagnoses if _listed(connection, one.id, code, 0))
    supported, why = _settled(connection, one, diagnoses, by, against)
    if supported is not None and not found.in_force:
        supported, why = None, f"the coverage export of {found.release.start} is no longer in force"
    return Judgement(rule=_rule(found, one), supported=supported, by=by, against=against, why=why)


def _settled(
    connection: sqlite3.Connection, one: Article, diagnoses: tuple[str, ...], by: tuple[str, ...], against: tuple[str, ...]
) -> tuple[bool | None, str]:
    """What the lists settle, else why they do not."""
    if _parts(connection, "procedure", one.id) > 1:
        return None, "the article has several groups of services, and says in words which diagnoses are for which"
    covered = _parts(connection, "diagnosis", one.id, "covered = 1")
    if not by and (covered or set(against) == set(diagnoses)):
        return False, ""
    if not covered:
        return None, "the article lists only diagnoses that do not support the service"
    if covered > 1:
        return None, "the article has several groups of diagnoses, and says in words how they go together"
    if set(by) & set(against) or all(_listed(connection, one.id, code, 1, marked=True) for code in by):
        return None, "the article says in words when the diagnosis supports the service"
    return True, ""


def _parts(connection: sqlite3.Connection, table: str, article: int, also: str = "1") -> int:
    row: tuple[int] = connection.execute(f"{_PARTS.format(table=table)} AND {also}", (article,)).fetchone()
    return row[0]


def _listed(connection: sqlite3.Connection, article: int, code: str, covered: int, marked: bool = False) -> bool:
    statement = "SELECT 1 FROM diagnosis WHERE article = ? AND code = ? AND covered = ? AND marked >= ?"
    return connection.execute(statement, (article, code.upper(), covered, int(marked))).fetchone() is not None
