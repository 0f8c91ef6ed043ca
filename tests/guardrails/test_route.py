"""Where a coded chart goes."""

import pytest

from guardrails.policy import load_policy
from guardrails.route import route
from records.chart import Span
from records.finding import Disposition, Finding, Severity
from records.query import Query, QueryReason, QueryStatus

SUPERVISED, STRAIGHT = load_policy("supervised"), load_policy("straight_through")


def finding(severity: Severity) -> Finding:
    return Finding(rule_id="EV-001", severity=severity, message="m", codes=("I10",), source="s")


def query(reason: QueryReason, status: QueryStatus = "draft") -> Query:
    indicator = Span(document="note", start=0, end=1, text="a")
    return Query(reason=reason, title="t", kind="open", question="q", clinical_indicators=(indicator,), status=status)


@pytest.mark.parametrize(
    ("severities", "queries", "expected"),
    [
        ([], [], Disposition.FINAL_CODED),
        (["note"], [], Disposition.FINAL_CODED),
        (["review"], [], Disposition.CODER_REVIEW),
        (["block"], [], Disposition.HELD),
        (["note", "review", "block"], [], Disposition.HELD),
        ([], [query("conflict")], Disposition.PENDING_QUERY),
        (["review"], [query("no_codable_reason")], Disposition.PENDING_QUERY),
        (["block"], [query("conflict")], Disposition.HELD),
        ([], [query("specificity")], Disposition.FINAL_CODED),
        ([], [query("conflict", "answered")], Disposition.FINAL_CODED),
    ],
)
def test_straight_through(severities: list[Severity], queries: list[Query], expected: Disposition) -> None:
    disposition, reasons = route([finding(severity) for severity in severities], queries, STRAIGHT)
    assert disposition == expected
    assert reasons


def test_supervised_sends_a_clean_chart_to_a_coder_for_that_one_reason() -> None:
    assert route([], [], SUPERVISED) == (
        Disposition.CODER_REVIEW,
        ("policy supervised: every chart goes to a coder",),
    )


def test_all_reasons_are_given() -> None:
    _, reasons = route([finding("block"), finding("review")], [query("conflict")], SUPERVISED)
    assert len(reasons) == 3


def test_every_severity_above_a_note_keeps_a_chart_from_being_final() -> None:
    for severity in ("review", "block"):
        assert route([finding(severity)], [], STRAIGHT)[0] != Disposition.FINAL_CODED  # type: ignore[arg-type]
