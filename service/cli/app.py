"""Every command in its place, and the entry point."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from service.cli import charts, models
from service.cli.codebook import codebook_app
from service.cli.evals import eval_app, redteam
from service.cli.gold import gold_app
from service.cli.queries import queries_app
from service.cli.search import search
from service.inputs import UsageFault, open_log
from service.terminal import complain, use_utf8

app = typer.Typer(
    name="chartproof",
    help="Codes clinical charts with quoted evidence; whatever is not proven goes to a person.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback shows the values of variables, and those hold charts.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (charts.code, charts.check, search, models.doctor, charts.replay, models.serve_model, redteam):
    app.command()(command)
for name, group in (("eval", eval_app), ("gold", gold_app), ("codebook", codebook_app), ("queries", queries_app)):
    app.add_typer(group, name=name)


def main() -> None:
    """The entry point. An error nobody foresaw is one line too: its type and place, never its words."""
    use_utf8()
    try:
        app()
    except UsageFault as fault:
        complain(str(fault))
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone: nothing more can be told, and the interpreter must not try at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a traceback could show a chart
        from agent.coding import internal_error

        complain(internal_error(error))
        sys.exit(2)


@app.callback(invoke_without_command=True)
def chartproof(show_version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if show_version:
        typer.echo(f"chartproof {version('chartproof')}")
        raise typer.Exit
    open_log()
