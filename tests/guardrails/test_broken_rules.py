"""What keeps a rule from being asked stops the chart: a rule that raises, a file that cannot be loaded, a rule misnamed."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import guardrails.rules
from guardrails.check import RULE_FAILED, check
from guardrails.coded_chart import CodedChart
from guardrails.policy import Policy
from guardrails.route import route
from guardrails.rule import Hit, Rule, rule
from guardrails.rules import NAMES, RULES, load
from guardrails.tables import Row
from records.finding import Disposition
from tests.guardrails.cases import Case, coded

SOUND = Case(
    "sound", "sound", False, {"text": "ASSESSMENT\n\nHypertension.\n", "codes": [{"code": "I10", "quotes": ["Hypertension"]}]}
)


def blocked_by(*rules: Rule) -> str:
    """The message of the one finding, which is a block and names every code of the chart."""
    chart = coded(SOUND)
    (finding,) = check(chart, rules)
    assert (finding.rule_id, finding.severity, finding.codes) == (RULE_FAILED, "block", ("I10",))
    assert route((finding,), (), chart.policy)[0] is Disposition.HELD
    return finding.message


def test_a_rule_that_raises_blocks_and_says_nothing_of_the_chart() -> None:
    @rule("XX-001", title="Broken", severity="note", source="here")
    def broken(one: CodedChart) -> Iterable[Hit]:
        raise ValueError(one.chart.documents[0].text)

    assert blocked_by(broken) == "Rule XX-001 could not be run (ValueError): the chart was not checked by it."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("def broken_file(:\n", "syntax"),
        ("import there_is_no_such_module\n", "import"),
        ("raise RuntimeError\n", "raises"),
        ("", "no rule of its name"),
        ("broken_file = print\n", "no rule"),
    ],
)
def test_a_rule_file_that_cannot_be_loaded_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, why: str
) -> None:
    monkeypatch.setattr(guardrails.rules, "__path__", [*guardrails.rules.__path__, str(tmp_path)])
    (tmp_path / "broken_file.py").write_text(content)
    loaded = load("broken_file")
    monkeypatch.delitem(sys.modules, "guardrails.rules.broken_file", raising=False)
    assert "Rule broken_file could not be run" in blocked_by(loaded), why


def test_a_listed_rule_without_a_file_blocks() -> None:
    assert "Rule there_is_no_such_rule could not be run" in blocked_by(load("there_is_no_such_rule"))


def test_every_listed_rule_is_loaded() -> None:
    assert [one.check.__name__ for one in RULES] == list(NAMES)
    assert len(set(NAMES)) == len(NAMES)
    assert check(coded(SOUND)) == ()


def test_a_table_that_cannot_be_read_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def unread(name: str) -> tuple[Row, ...]:
        raise FileNotFoundError(name)

    monkeypatch.setattr("guardrails.rules.mutually_exclusive.table", unread)
    assert "Rule CM-012 could not be run" in blocked_by(next(one for one in RULES if one.id == "CM-012"))


def test_a_policy_that_names_no_rule_blocks() -> None:
    chart = coded(SOUND)
    policy = Policy.model_validate(chart.policy.model_dump() | {"severities": {"EV-0014": "block", "EV-014": "review"}})
    found = check(CodedChart(chart.chart, chart.codes, chart.book, policy, chart.run))
    assert [(one.rule_id, one.severity) for one in found] == [(RULE_FAILED, "block")]
    assert "EV-0014" in found[0].message
