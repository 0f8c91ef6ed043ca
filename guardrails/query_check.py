"""The compliance gate of queries: what a query to a provider must have and must not say, whoever wrote it.

A block stops the query; the rules are query_rules.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from codebook.book import BookError, CodeBook, open_book
from guardrails.asked_query import Asked
from guardrails.query_rules import QUERY_RULES, Looked, QueryRule
from records.chart import Chart
from records.finding import SEVERITIES, Finding, Severity

SOURCE = "AHIMA/ACDIS, Guidelines for Achieving a Compliant Query Practice (2022)"
UNREADABLE = "QY-001"
_LATEST = date(9999, 12, 31)


def check_query(given: Any, chart: Chart | None = None) -> tuple[Finding, ...]:
    """Every finding on a query, the most severe first. Nothing raises: what cannot be read or checked is a block."""
    if not isinstance(given, dict):
        return (_finding(UNREADABLE, "block", "The query is not an object."),)
    try:
        asked = Asked.model_validate({name: value for name, value in given.items() if name in Asked.model_fields})
    except ValidationError as error:
        faults = {str(one["loc"][0]) for one in error.errors(include_input=False, include_context=False) if one["loc"]}
        return (_finding(UNREADABLE, "block", f"The query cannot be read: {', '.join(sorted(faults))}."),)
    try:
        book: CodeBook | None = open_book(chart.encounter.code_set_date if chart else _LATEST)
    except BookError:
        book = None
    looked = Looked(asked, chart, book)
    found = [finding for rule in QUERY_RULES for finding in _run(rule, looked)]
    return tuple(sorted(found, key=lambda finding: -SEVERITIES.index(finding.severity)))


def _run(rule: QueryRule, looked: Looked) -> list[Finding]:
    try:
        return [_finding(rule.id, rule.severity, message) for message in rule.check(looked)]
    except Exception as error:  # noqa: BLE001 - a query that was not checked is not sent
        return [_finding(rule.id, "block", f"The rule could not be run ({type(error).__name__}).")]


def _finding(rule_id: str, severity: Severity, message: str) -> Finding:
    return Finding(rule_id=rule_id, severity=severity, message=message, source=SOURCE)
