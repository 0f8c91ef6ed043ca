"""The commands of ``chartproof codebook``: named here, done in ``service/books.py``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import Json

codebook_app = typer.Typer(no_args_is_help=True, help="The official code sets held on this machine.", rich_markup_mode=None)

ReleaseId = Annotated[str, typer.Argument(help="A release as status names it.", metavar="RELEASE")]


@codebook_app.command()
def status(as_json: Json = False) -> None:
    """Which releases are held, from where, when they are in force, and what is missing today."""
    from service import books

    books.status(date.today(), as_json)


@codebook_app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Official files as they were published.", show_default=False)],
    start: Annotated[str | None, typer.Option(help="YYYY-MM-DD, for files that do not say from when they are in force.")] = None,
    end: Annotated[str | None, typer.Option(help="YYYY-MM-DD, the last date they are in force.")] = None,
    as_json: Json = False,
) -> None:
    """Take in official files, all of them or none. What a file is, is seen from its content; importing twice changes nothing."""
    from service import books

    books.take_in(files, (books.day("--start", start), books.day("--end", end)), as_json)


@codebook_app.command()
def fetch(
    book: Annotated[
        list[str] | None, typer.Argument(help="Books as status --json names them; all with an address.", show_default=False)
    ] = None,
    addresses: Annotated[Path | None, typer.Option(help="A list of addresses in place of the product's.")] = None,
    as_json: Json = False,
) -> None:
    """Download official files from their publishers and take them in, where the network allows."""
    from service import books

    raise typer.Exit(books.fetch(book or [], addresses, as_json))


@codebook_app.command()
def build(
    vectors: Annotated[
        bool, typer.Option("--vectors", help="The vectors too: a minute or two, for words no list knows.")
    ] = False,
) -> None:
    """Build what finding codes needs, and remove what was built for older states and not used for two weeks."""
    from service import books

    books.build(vectors)


@codebook_app.command()
def leftover(release: ReleaseId, as_json: Json = False) -> None:
    """The texts of a release's file that its reader did not understand."""
    from service import books

    books.leftover(release, as_json)


@codebook_app.command()
def remove(release: ReleaseId) -> None:
    """Remove an imported release."""
    from service import books

    books.remove(release)
