"""Payer rules: dated, of a payer, read again when the file changes, and never permitted for want of a table."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from codebook import payer
from codebook.book import open_book
from codebook.provenance import deciding
from codebook.release import BookError

ON = date(2026, 6, 15)
DOCUMENTED = Path(__file__).parents[2] / "docs" / "payer-rules.md"
RULES = """
version = "7"
[[rule]]
id = "N-1"
kind = "ncd"
title = "A test"
payers = ["Medicare"]
source = "a source"
start = 2026-01-01
end = 2026-06-30
procedures = ["82947"]
covered = ["E08-E13", "R73.-"]
not_covered = ["E11.9"]
"""


@pytest.fixture
def written(home: Path) -> Path:
    home.mkdir()
    path = home / payer.FILE
    path.write_text(RULES)
    return path


@pytest.mark.usefixtures("home")
def test_no_file_is_not_held() -> None:
    assert payer.payer_rules() is None
    assert payer.check("E11.9", "Medicare", ON) == payer.PayerAnswer()
    assert payer.necessity("82947", ("E11.9",), "Medicare", ON) is None


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("code", "who", "on", "held", "roles"),
    [
        ("E11.65", "medicare", ON, True, ["covered"]),
        ("E11.9", "Medicare", ON, True, ["not_covered"]),
        ("R73.03", "Medicare", ON, True, ["covered"]),
        ("82947", "Medicare", ON, True, ["procedure"]),
        ("I10", "Medicare", ON, True, []),
        ("E11.65", "Medicare", date(2026, 6, 30), True, ["covered"]),
        ("E11.65", "Medicare", date(2026, 7, 1), False, []),
        ("E11.65", "Medicare", date(2025, 12, 31), False, []),
        ("E11.65", "Other", ON, False, []),
        ("E11.65", None, ON, False, []),
    ],
)
def test_a_rule_speaks_for_its_payer_on_its_dates(code: str, who: str | None, on: date, held: bool, roles: list[str]) -> None:
    answer = payer.check(code, who, on)
    assert (answer.held, [role for _, role in answer.rules], answer.version) == (held, roles, "7")


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("diagnoses", "supported", "by", "against"),
    [
        (("E11.65",), True, ("E11.65",), ()),
        (("E11.9",), False, (), ("E11.9",)),
        (("E11.9", "R73.03"), True, ("R73.03",), ("E11.9",)),
        (("I10",), False, (), ()),
        ((), False, (), ()),
    ],
)
def test_which_diagnoses_support_a_procedure(
    diagnoses: tuple[str, ...], supported: bool, by: tuple[str, ...], against: tuple[str, ...]
) -> None:
    found = payer.necessity("82947", diagnoses, "Medicare", ON)
    assert found is not None
    (one,) = found
    assert (one.supported, one.by, one.against, one.version) == (supported, by, against, "7")
    assert payer.necessity("99213", diagnoses, "Medicare", ON) == ()


def test_a_changed_file_is_read_without_a_restart_and_named_in_results(written: Path) -> None:
    book = open_book(ON)
    assert deciding(book, ON) == (book.release.id, "payer-rules 7")
    written.write_text(RULES.replace('"7"', '"8"').replace('"E11.9"', '"I10"'))
    os.utime(written, ns=(1, 1))
    assert payer.check("I10", "Medicare", ON).version == "8"
    assert [role for _, role in payer.check("E11.9", "Medicare", ON).rules] == ["covered"]
    assert deciding(book, ON) == (book.release.id, "payer-rules 8")
    written.unlink()
    assert deciding(book, ON) == (book.release.id,)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("version", "versions"), "version"),
        (("[[rule]]", "[[rule"), "not TOML"),
        (('kind = "ncd"', 'kind = "hearsay"'), "rule.0.kind"),
        (("end = 2026-06-30", "end = 2025-06-30"), "ends before it starts"),
        (('payers = ["Medicare"]', "payers = []"), "rule.0.payers"),
        (('source = "a source"', ""), "rule.0.source"),
        (('procedures = ["82947"]\ncovered = ["E08-E13", "R73.-"]\nnot_covered = ["E11.9"]', ""), "names no code"),
        (('title = "A test"', 'title = "A test"\nprice = 3'), "rule.0.price"),
    ],
)
def test_a_file_with_a_fault_is_an_error_and_not_a_permission(change: tuple[str, str], says: str, written: Path) -> None:
    assert change[0] in RULES
    written.write_text(RULES.replace(*change))
    with pytest.raises(BookError, match=re.escape(says)) as fault:
        payer.check("E11.9", "Medicare", ON)
    assert "\n" not in str(fault.value)
    assert deciding(open_book(ON), ON)[-1] == "payer-rules (damaged)"


def test_the_same_rule_twice_is_a_fault(written: Path) -> None:
    written.write_text(RULES + RULES.replace('version = "7"', ""))
    with pytest.raises(BookError, match="twice"):
        payer.payer_rules()


def test_the_documented_example_is_a_file_that_can_be_read(home: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)
    home.mkdir()
    (home / payer.FILE).write_text(example)
    rules = payer.payer_rules()
    assert rules is not None
    assert len(rules.rule) == 2
    assert [role for _, role in payer.check("E11.9", "medicare", ON).rules] == ["covered"]
    assert [role for _, role in payer.check("M17.10", "Acme Health", ON).rules] == ["not_covered"]
