"""``check``: the guardrails on codes that somebody else assigned, one chart or a batch of them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from agent.coding import Checked, check_draft
from guardrails.policy import Policy
from records.chart import Chart
from records.finding import Disposition, Finding
from records.formats import ChartError, Row, read_charts, rows
from records.formats.intake import chart_of
from service.inputs import UsageFault, read_json
from service.output import write_line
from service.render import show_disposition, show_findings
from service.terminal import complain, counted, page, visible


def check_one(path: Path, codes: Path, policy: Policy, as_json: bool) -> int:
    """Check the codes of one chart and give the exit code."""
    received = list(read_charts(path))
    if len(received) != 1:
        raise UsageFault(f"{path}: {len(received)} charts; with a file of codes, one is needed")
    one = received[0]
    if one.chart is None:
        raise UsageFault(f"{one.place}: {one.error}")
    checked = check_draft(one.chart, read_json(codes), policy)
    _write(one.id, one.chart, checked, as_json)
    if checked.error:
        complain(f"{codes}: {checked.error}")
    return 1 if checked.error else 0


def check_batch(path: Path, policy: Policy, as_json: bool) -> int:
    """Check every line of a batch, in order, and give the exit code: a line that cannot be read is held, and told."""
    failed = 0
    with closing(counted(_rows(path), "charts")) as counting:
        for row in counting:
            chart, checked = _check_row(row, policy)
            _write(row.id, chart, checked, as_json)
            if checked.error:
                failed += 1
                complain(f"{path} line {row.number}: {checked.error}")
    return 1 if failed else 0


def _rows(path: Path) -> Generator[Row, None, None]:
    try:
        yield from rows(path)
    except ChartError as error:
        raise UsageFault(f"{path}: {error.reason}") from None


def _check_row(row: Row, policy: Policy) -> tuple[Chart | None, Checked]:
    try:
        chart = chart_of(row)
    except ChartError as error:
        return None, _unread(error.reason)
    if "draft" not in row.value:
        return chart, _unread("the line has no draft")
    return chart, check_draft(chart, row.value["draft"], policy)


def _unread(reason: str) -> Checked:
    return Checked((), Disposition.HELD, (reason,), reason)


def _write(name: str, chart: Chart | None, checked: Checked, as_json: bool) -> None:
    if not as_json:
        console = page()
        console.print(visible(name), style="bold")
        show_findings(console, checked.findings, chart)
        show_disposition(console, checked.disposition, checked.reasons)
        console.print()
        return
    answer = {"id": name, "disposition": checked.disposition, "findings": [_finding(one) for one in checked.findings]}
    write_line(answer | ({"error": checked.error} if checked.error else {}))


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule_id": finding.rule_id,
        "severity": finding.severity,
        "codes": list(finding.codes),
        "message": finding.message,
    }
