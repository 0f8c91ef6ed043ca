"""The coverage export: dated versions of articles, what their lists settle and what they leave to a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook import coverage, holdings, payer, store
from codebook.book import open_book
from codebook.importing import ImportFault, Taken
from codebook.provenance import deciding
from tests.codebook import cms_files
from tests.codebook.cms_files import coverage_tables

TakeIn = Callable[..., list[Taken]]
ON = date(2026, 8, 1)
RULES = """
version = "3"
[[coverage]]
payers = ["Medicare"]
contractors = ["04412"]
"""


@pytest.fixture
def medicare(home: Path, take_in: TakeIn) -> Path:
    home.mkdir()
    (home / payer.FILE).write_text(RULES)
    take_in("current_article.zip")
    return home


def settled(procedure: str, *diagnoses: str, on: date = ON) -> list[tuple[str, bool | None]]:
    found = payer.necessity(procedure, diagnoses, "medicare", on)
    assert found is not None
    return [(one.rule.id, one.supported) for one in found]


def test_no_descriptor_and_no_text_of_an_article_is_stored(medicare: Path) -> None:
    (path,) = (medicare / "releases").glob("coverage-*.sqlite")
    content = path.read_bytes()
    assert b"Billing and Coding: 100" in content
    for text in (cms_files.DESCRIPTOR, "AMA's", "over lines", "Words"):
        assert text.encode() not in content


def test_the_release_begins_with_the_newest_change_in_it(take_in: TakeIn) -> None:
    (taken,) = take_in("current_article.zip")
    assert (taken.release.start, taken.release.end, taken.release.entries) == (date(2026, 7, 14), date(2026, 9, 30), 6)
    assert taken.unread == ("readme.txt",)
    (held,) = holdings.of_book("coverage")
    assert {(why, text) for why, text, _ in store.leftover_of(held.path)} == {
        ("article that lists no service", "A700 version 7"),
        ("article without a status and dates that say when it is in force", "A800 version 7"),
        ("not a service code", "XXXXX"),
        ("not an ICD-10-CM code", "XX000"),
    }


@pytest.mark.usefixtures("medicare")
@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("82947", ON, [("A100", "procedure")]),
        ("82947", date(2026, 8, 15), [("A100", "procedure"), ("A600", "procedure")]),
        ("82947", date(2026, 3, 31), [("A100", "procedure"), ("A300", "procedure")]),
        ("E11.65", ON, [("A100", "covered")]),
        ("I10", ON, [("A100", "not_covered")]),
        ("J18.9", date(2026, 9, 15), [("A500", "covered")]),
        ("J18.9", date(2026, 9, 16), []),
        ("S52.501A", ON, []),
    ],
)
def test_versions_in_force_that_list_a_code(code: str, on: date, expected: list[tuple[str, str]]) -> None:
    answer = payer.check(code, "Medicare", on)
    assert [(rule.id, role) for rule, role in answer.rules] == expected
    assert (answer.held, answer.version, answer.coverage) == (True, "3", "coverage-2026-07-14")


@pytest.mark.usefixtures("medicare")
def test_a_rule_names_its_article_version_lcd_and_dates() -> None:
    ((rule, _),) = payer.check("82948", "Medicare", ON).rules
    assert rule.source == "CMS Medicare Coverage Database, article A100 version 7 (L33000), coverage-2026-07-14"
    assert (rule.kind, rule.start, rule.end, rule.procedures) == ("article", date(2026, 1, 1), None, ("82947", "82948"))


@pytest.mark.usefixtures("medicare")
@pytest.mark.parametrize(
    ("procedure", "diagnoses", "expected"),
    [
        ("82947", ("E11.65",), [("A100", True)]),
        ("82947", ("I10", "E11.65"), [("A100", True)]),
        ("82947", ("I10",), [("A100", False)]),
        ("82947", ("J18.9",), [("A100", False)]),
        ("82947", (), [("A100", False)]),
        ("82947", ("R73.9",), [("A100", None)]),
        ("93000", ("I48.91",), [("A200", None)]),
        ("70450", ("R51.9",), [("A400", False)]),
        ("70450", ("I10",), [("A400", None)]),
        ("71046", ("J18.9",), [("A500", None)]),
        ("71046", ("I10",), [("A500", False)]),
        ("99213", ("I10",), []),
    ],
)
def test_lists_settle_only_what_they_can(
    procedure: str, diagnoses: tuple[str, ...], expected: list[tuple[str, bool | None]]
) -> None:
    assert settled(procedure, *diagnoses) == expected


@pytest.mark.usefixtures("medicare")
def test_before_and_after_the_export_what_is_not_said_is_not_known() -> None:
    before, after = date(2026, 6, 1), date(2026, 10, 1)
    assert settled("82947", "E11.65", on=before) == [("A100", True)]
    assert payer.necessity("99213", ("I10",), "Medicare", before) is None
    assert not payer.check("S52.501A", "Medicare", before).held
    assert settled("82947", "E11.65", on=after) == [("A100", None), ("A600", None)]
    assert payer.necessity("99213", ("I10",), "Medicare", after) is None
    assert "no longer in force" in payer.lacking("Medicare", after)


def test_of_two_versions_in_force_the_later_one_speaks(home: Path, take_in: TakeIn) -> None:
    home.mkdir()
    (home / payer.FILE).write_text(RULES)
    tables = coverage_tables()
    for name in ("article.csv", "article_x_hcpc_code.csv", "article_x_contractor.csv"):
        heading, *body = tables[name]
        later = [("100", "8", *row[2:]) for row in body if row[0] == "100"]
        dated = [[cell.replace("2026-01-01", "2026-05-01") for cell in row] for row in later]
        tables[name] = [heading, *body, *(dated if name == "article.csv" else later)]
    tables["article_x_icd10_covered.csv"] += [("100", "8", "I10", "1", "Words", "")]
    take_in(export__zip=cms_files.coverage(tables))
    assert settled("82947", "I10") == [("A100", True)]
    assert settled("82947", "I10", on=date(2026, 4, 30)) == [("A100", False)]
    ((rule, _),) = payer.check("82947", "Medicare", ON).rules
    assert "version 8" in rule.source


def test_a_contractor_without_an_article_or_an_export_that_is_not_held_is_not_a_permission(home: Path, take_in: TakeIn) -> None:
    home.mkdir()
    (home / payer.FILE).write_text(RULES)
    assert payer.check("82947", "Medicare", ON) == payer.PayerAnswer(version="3", lacking="the coverage export is not held")
    assert payer.necessity("82947", ("E11.65",), "Medicare", ON) is None
    take_in("current_article.zip")
    (home / payer.FILE).write_text(RULES.replace('"04412"', '"04412", "99999"').replace('"3"', '"4"'))
    assert not payer.check("S52.501A", "Medicare", ON).held
    assert "99999" in payer.lacking("Medicare", ON)
    assert payer.check("82947", "Medicare", ON).held
    assert payer.check("82947", "Acme", ON) == payer.PayerAnswer(version="4")
    assert payer.lacking("Acme", ON) == ""


def test_rules_of_the_operators_stand_beside_the_articles(medicare: Path) -> None:
    named = 'id = "N"\nkind = "ncd"\ntitle = "t"\npayers = ["*"]\nsource = "s"'
    own = f'[[rule]]\n{named}\nstart = 2026-01-01\nprocedures = ["82947"]\n'
    (medicare / payer.FILE).write_text(RULES + own)
    assert settled("82947", "E11.65") == [("N", True), ("A100", True)]


def test_a_result_names_the_export(medicare: Path) -> None:
    assert deciding(open_book(ON), ON)[1:] == ("coverage-2026-07-14", "payer-rules 3")
    assert coverage.lacking(("04412",), ON) == ""
    assert medicare.exists()


@pytest.mark.parametrize(
    ("table", "rows", "says"),
    [
        ("contractor.csv", None, "contractor.csv is missing"),
        ("article_x_hcpc_code.csv", [("article_id", "article_version", "hcpc_code_group")], "no column hcpc_code_id"),
        ("contractor.csv", [*coverage_tables()["contractor.csv"], ("9", "1")], "row 3 of the table contractor.csv is not whole"),
        ("article_future_retire.csv", [("article_id", "retire_dt"), ("100", "soon")], "a date that is none"),
        ("article.csv", coverage_tables()["article.csv"][:1], "holds no articles"),
        ("article.csv", [*coverage_tables()["article.csv"], coverage_tables()["article.csv"][1]], "is there twice"),
    ],
)
def test_an_export_that_is_not_whole_is_refused(
    table: str, rows: cms_files.Table | None, says: str, take_in: TakeIn, home: Path
) -> None:
    with pytest.raises(ImportFault, match=says):
        take_in(export__zip=cms_files.coverage({table: rows}))
    assert not list(home.glob("releases/*"))


def test_one_table_by_itself_is_not_the_export(take_in: TakeIn) -> None:
    for name in ("article.csv", "article_x_hcpc_code.csv"):
        content = cms_files.as_csv(coverage_tables()[name])
        with pytest.raises(ImportFault, match="import the archive as it was downloaded"):
            take_in(**{name.replace(".", "__"): content})
    with pytest.raises(ImportFault, match="hold no code lists"):
        take_in(lcd__csv=cms_files.as_csv([("lcd_id", "lcd_version", "title"), ("1", "2", "t")]))
