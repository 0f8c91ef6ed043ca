"""Small tables for people: search results and held releases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from codebook.release import Release
from service.terminal import visible

_COUNTS = ("entries", "not read")


def show_hits(console: Console, hits: Iterable[tuple[str, str, str]]) -> None:
    """Codes found: the code, its description and what of the book the terms met."""
    table = Table(box=None, pad_edge=False)
    table.add_column("code", style="bold cyan", no_wrap=True)
    table.add_column("description")
    table.add_column("matched", style="dim")
    for code, description, matched in hits:
        table.add_row(Text(code), Text(visible(description)), Text(visible(matched)))
    console.print(table)


def show_releases(console: Console, releases: Iterable[Release], missing: Sequence[tuple[str, str]], today: date) -> None:
    """The releases held, those in force today marked, and the books missing for today with what they are needed for."""
    table = Table(box=None, pad_edge=False)
    for name in ("release", "entries", "start", "end", "in force", "not read", "sha256", "source"):
        table.add_column(name, no_wrap=name in ("release", "start", "end"), justify="right" if name in _COUNTS else "left")
    for one in releases:
        table.add_row(
            one.id,
            f"{one.entries:,}",
            one.start.isoformat(),
            one.end.isoformat(),
            "today" if one.in_force(today) else "",
            f"{one.leftover:,}" if one.leftover else "",
            one.sha256[:12],
            Text(visible(one.origin)),
        )
    console.print(table)
    if missing:
        console.print(Text(f"\nNot held for today ({today.isoformat()}):", style="yellow"))
        lacking = Table(box=None, pad_edge=False, show_header=False)
        for title, needed_for in missing:
            lacking.add_row(title, Text(needed_for, style="dim"))
        console.print(lacking)


def show_leftover(console: Console, release: str, left: Iterable[tuple[str, str, int]]) -> None:
    """What of a file was not understood: why, the text, how often."""
    table = Table(box=None, pad_edge=False, title=f"Texts of {release} that were not understood", title_justify="left")
    for name in ("why", "text", "times"):
        table.add_column(name)
    for why, text, times in left:
        table.add_row(Text(visible(why)), Text(visible(text)), str(times))
    console.print(table)
