"""``queries``: the gate a query passes before it is sent, on a query anybody wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.options import OneJson

queries_app = typer.Typer(no_args_is_help=True, help="Queries to providers.", rich_markup_mode=None)


@queries_app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="One query in JSON; a chart in it is what its quotes are checked against.")],
    as_json: OneJson = False,
) -> None:
    """Check a query against the rules of compliant query practice. A block stops it."""
    from service import inputs
    from service.output import write_line
    from service.render import show_findings
    from service.terminal import page

    given = inputs.read_json(file)
    findings = _checked(given, file)
    if as_json:
        write_line({"findings": [{"rule_id": f.rule_id, "severity": f.severity, "message": f.message} for f in findings]})
    elif findings:
        show_findings(page(), findings, None)
    else:
        typer.echo("The query may be sent: no rule objects.")


def _checked(given: Any, file: Path) -> Any:
    from guardrails.query_check import check_query
    from records.formats import ChartError, Row
    from records.formats.intake import chart_of
    from service import inputs

    inputs.prepare_book(terms_too=True)
    chart = None
    if isinstance(given, dict) and given.get("chart") is not None:
        try:
            chart = chart_of(Row(1, "query", {"id": "query", "chart": given["chart"]}))
        except ChartError as error:
            raise inputs.UsageFault(f"{file}: the chart: {error.reason}") from None
    return check_query(given, chart)
