"""A result run again from its record: the tool calls it made, the evidence it cites, the rules it was under."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from agent.masking import mask
from codebook.book import open_book
from guardrails.check import check, rules_sha256
from guardrails.coded_chart import CodedChart
from guardrails.policy import Policy
from records.chart import Chart
from records.result import CodingResult, Provenance
from tools import TOOLS, Desk, ToolError

# What these say depends on how the run went, not on the chart and its codes.
RUN_FAMILY = "RN-"


@dataclass(frozen=True)
class Replayed:
    """What was run again, and every difference from the record; no difference means the same result."""

    calls: int
    differences: tuple[str, ...]


def replay(result: CodingResult, chart: Chart, policy: Policy) -> Replayed:
    """Run the record of a chart again, without any model. A held chart that was never begun has nothing to run."""
    made = result.provenance
    if made is None:
        return Replayed(0, ("the result has no provenance: the chart was never begun",))
    return Replayed(sum(call.ok for call in made.tool_calls), tuple(_differences(result, made, chart, policy)))


def _differences(result: CodingResult, made: Provenance, chart: Chart, policy: Policy) -> Iterator[str]:
    if made.chart_sha256 != chart.sha256:
        yield "the chart is not the one that was coded"
        return
    if made.rules_sha256 != rules_sha256():
        yield "the rules are not those of the record"
    if made.policy_sha256 != policy.sha256:
        yield "the policy is not that of the record"
    yield from _calls(made, chart)
    yield from _findings(result, chart, policy)


def _calls(made: Provenance, chart: Chart) -> Iterator[str]:
    """The calls that are answered otherwise now. One that failed left no arguments on the record and is passed over."""
    book = open_book(chart.encounter.code_set_date)
    if book.release.id not in made.releases:
        yield "the release of the code set is not that of the record"
    desk = Desk(mask(chart).masked if made.masked else chart, book)
    for number, call in enumerate(made.tool_calls, 1):
        if not call.ok:
            continue
        try:
            answer = TOOLS[call.name].call(desk, json.dumps(call.arguments))
        except (ToolError, KeyError):
            yield f"tool call {number} ({call.name if call.name in TOOLS else 'unknown'}) is refused now"
            continue
        if hashlib.sha256(answer.encode()).hexdigest() != call.answer_sha256:
            yield f"tool call {number} ({call.name}) is answered otherwise now"


def _findings(result: CodingResult, chart: Chart, policy: Policy) -> Iterator[str]:
    for code in result.codes:
        if not all(chart.holds(span) for span in code.evidence):
            yield f"{code.code}: its evidence does not stand in the chart"
    book = open_book(chart.encounter.code_set_date)
    now = check(CodedChart(chart=chart, codes=result.codes, book=book, policy=policy))
    one, other = (
        {(finding.rule_id, finding.severity, finding.codes) for finding in found if not finding.rule_id.startswith(RUN_FAMILY)}
        for found in (result.findings, now)
    )
    for rule_id, _, codes in sorted(one - other):
        yield f"{rule_id} was found and is not found now ({', '.join(codes)})"
    for rule_id, _, codes in sorted(other - one):
        yield f"{rule_id} is found now and was not ({', '.join(codes)})"
