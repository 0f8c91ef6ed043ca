"""Each rule fires and stays silent as the examples beside it say."""

import pytest

from guardrails.rule import Rule
from guardrails.rules import RULES
from tests.guardrails.cases import Case, answering, cases, coded

BY_FILE: dict[str, Rule] = {rule.check.__name__: rule for rule in RULES}
CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    with answering(case):
        findings = BY_FILE[case.rule].findings(coded(case))
    if not case.fires:
        assert [finding.message for finding in findings] == []
        return
    assert findings, "the rule stays silent"
    named = {code for finding in findings for code in finding.codes}
    assert named == set(case.fields.get("finds", [])), "the codes the findings name"
    if "severity" in case.fields:
        assert {finding.severity for finding in findings} == {case.fields["severity"]}


@pytest.mark.parametrize("name", sorted(BY_FILE))
def test_every_rule_has_cases_of_both_kinds(name: str) -> None:
    kinds = {case.fires for case in CASES if case.rule == name}
    assert kinds == {True, False}


def test_every_case_file_belongs_to_a_rule() -> None:
    assert {case.rule for case in CASES} <= set(BY_FILE)
