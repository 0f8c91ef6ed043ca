"""The command that finds codes by words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import Json
from service.inputs import UsageFault

Day = Annotated[str | None, typer.Option("--date", help="YYYY-MM-DD; today unless said otherwise.")]


def search(
    terms: Annotated[list[str] | None, typer.Argument(help="A condition in words.", show_default=False)] = None,
    on: Day = None,
    limit: Annotated[int | None, typer.Option(min=1, max=1000, help="How many codes at the most.")] = None,
    batch: Annotated[Path | None, typer.Option(help='JSONL with {"terms": ...} on each line.')] = None,
    as_json: Json = False,
) -> None:
    """Find codes by words. Search only helps to find: a miss does not mean that there is no code."""
    from service import searching

    words = " ".join(terms or ())
    if bool(words.strip()) == (batch is not None):
        raise UsageFault("search: give either terms or --batch FILE")
    day = searching.day(on)
    if batch is not None:
        raise typer.Exit(searching.search_batch(batch, day, limit))
    searching.search(words, day, limit, as_json)
