"""Small tables for people: search results and held releases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from codebook.release import Release
from service.terminal import visible


def show_hits(console: Console, hits: Iterable[tuple[str, str, str]]) -> None:
    """Codes found: the code, its description and what of the book the terms met."""
    table = Table(box=None, pad_edge=False)
    table.add_column("code", style="bold cyan", no_wrap=True)
    table.add_column("description")
    table.add_column("matched", style="dim")
    for code, description, matched in hits:
        table.add_row(Text(code), Text(visible(description)), Text(visible(matched)))
    console.print(table)


def show_releases(console: Console, releases: Iterable[Release], today: date) -> None:
    """The releases held, the one in force today marked, and what is missing for today."""
    table = Table(box=None, pad_edge=False)
    for name in ("release", "book", "start", "end", "in force", "sha256", "source"):
        table.add_column(name, no_wrap=name in ("release", "start", "end"))
    in_force = set()
    for one in releases:
        now = one.in_force(today)
        in_force |= {one.book} if now else set()
        table.add_row(
            one.id, one.book, one.start.isoformat(), one.end.isoformat(), "today" if now else "", one.sha256[:12], one.origin
        )
    console.print(table)
    if not in_force:
        console.print(
            Text(f"No release in force today ({today.isoformat()}) is held: charts of today go to a person.", style="yellow")
        )
