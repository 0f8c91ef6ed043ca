"""Run every rule in force over a coded chart. Nothing raises out of here: a rule that does is itself a finding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from guardrails.coded_chart import CodedChart
from guardrails.policy import Policy
from guardrails.rule import Rule
from guardrails.rules import RULES
from records.finding import SEVERITIES, Finding

RULE_FAILED = "RN-001"

Failed = Callable[[Rule, Exception], None]


def check(coded: CodedChart, rules: Sequence[Rule] = RULES, failed: Failed | None = None) -> tuple[Finding, ...]:
    """Every finding on the chart, the most severe first, as the chart's policy weighs them.

    A rule that raises yields a block finding that names the rule: what was not checked is never passed; ``failed`` is told of it.
    So does a policy that makes a rule stricter which does not exist: what the operator meant is not known.
    """
    on = coded.chart.encounter.code_set_date
    found: dict[Finding, None] = dict.fromkeys(_misnamed(coded.policy))
    for rule in rules:
        if rule.in_force(on):
            found.update(dict.fromkeys(coded.policy.raised(finding) for finding in _run(rule, coded, failed)))
    return ordered(found)


def _misnamed(policy: Policy) -> Iterator[Finding]:
    for name in policy.severities.keys() - {rule.id for rule in RULES}:
        yield Finding(
            rule_id=RULE_FAILED,
            severity="block",
            message=f"The policy makes rule {name} stricter, and there is no such rule.",
            source="chartproof policy: severities",
        )


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, the most severe first."""
    return tuple(sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity)))


def _run(rule: Rule, coded: CodedChart, failed: Failed | None) -> tuple[Finding, ...]:
    try:
        return rule.findings(coded)
    except Exception as error:  # noqa: BLE001 - whatever a rule raises, the chart must be stopped, not passed
        if failed is not None:
            failed(rule, error)
        return (
            Finding(
                rule_id=RULE_FAILED,
                severity="block",
                message=f"Rule {rule.id} could not be run ({type(error).__name__}): the chart was not checked by it.",
                codes=tuple(dict.fromkeys(assignment.code for assignment in coded.codes)),
                source="chartproof: a rule that fails stops the chart",
            ),
        )


@cache
def rules_sha256() -> str:
    """The hash of the rule set: every file of rules, of their tables and of what they share, for the provenance of a result."""
    digest = hashlib.sha256()
    for folder, suffixes in ((".", (".py", ".toml")), ("rules", (".py",)), ("tables", (".toml",))):
        entries = [entry for entry in files("guardrails").joinpath(folder).iterdir() if entry.name.endswith(suffixes)]
        for entry in sorted(entries, key=lambda entry: entry.name):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return digest.hexdigest()
