"""The commands of ``chartproof gold``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import Json, OneJson

gold_app = typer.Typer(no_args_is_help=True, help="Look after gold charts.", rich_markup_mode=None)


@gold_app.command("check")
def gold_check(gold: Annotated[Path, typer.Argument(help="A gold set.", show_default=False)], as_json: Json = False) -> None:
    """What is wrong with a gold set: codes invalid on their date, spans not verbatim, charts that stand twice, ..."""
    from evals import gold_command

    raise typer.Exit(gold_command.check(gold, as_json))


@gold_app.command("promote")
def gold_promote(
    reviewed: Annotated[Path, typer.Argument(help='JSONL with {"id", "chart", "draft"} on each line.', show_default=False)],
    into: Annotated[Path, typer.Option(help="The gold file to add to.")],
) -> None:
    """Add reviewed charts to a gold set; what is not fit to be gold is refused with the reason."""
    from evals import gold_command

    raise typer.Exit(gold_command.promote(reviewed, into))


@gold_app.command("agreement")
def gold_agreement(
    first: Annotated[Path, typer.Argument(help="One annotator's gold.", show_default=False)],
    second: Annotated[Path, typer.Argument(help="Another's, over the same charts.", show_default=False)],
    as_json: OneJson = False,
) -> None:
    """How far two annotators agree, and where they do not."""
    from evals import gold_command

    raise typer.Exit(gold_command.agree(first, second, as_json))
