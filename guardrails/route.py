"""Where the coding goes. A pure function of findings, queries and the policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guardrails.policy import Policy
from records.finding import Disposition, Finding, Severity
from records.query import Query


def route(findings: Sequence[Finding], queries: Sequence[Query], policy: Policy) -> tuple[Disposition, tuple[str, ...]]:
    """The disposition of a coded chart, with every reason for it.

    A block holds the coding; then a query that holds the claim; then anything a person must judge. Without any of
    these the policy decides. All reasons are given, not only those that decided.
    """
    blocked = _reasons(findings, "block", "cannot be right")
    waiting = tuple(f"query to the provider: {query.reason}" for query in queries if query.holds_claim)
    review = _reasons(findings, "review", "a person must judge")
    reasons = tuple(dict.fromkeys((*blocked, *waiting, *review)))
    if blocked:
        return Disposition.HELD, reasons
    if waiting:
        return Disposition.PENDING_QUERY, reasons
    if review:
        return Disposition.CODER_REVIEW, reasons
    if not policy.final_without_person:
        return Disposition.CODER_REVIEW, (f"policy {policy.name}: every chart goes to a coder",)
    return Disposition.FINAL_CODED, (f"policy {policy.name}: no finding that needs a person",)


def _reasons(findings: Iterable[Finding], severity: Severity, why: str) -> tuple[str, ...]:
    counted: dict[str, list[str]] = {}
    for finding in findings:
        if finding.severity == severity:
            counted.setdefault(finding.rule_id, []).extend(finding.codes)
    return tuple(
        f"{rule_id}: {why}" + (f" ({', '.join(dict.fromkeys(codes))})" if codes else "") for rule_id, codes in counted.items()
    )
