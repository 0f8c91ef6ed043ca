"""What is written to the terminal and to stderr. Nothing of a chart reaches stderr, and no control character either."""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

One = TypeVar("One")
_INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
PLAIN_WIDTH = 120
MAX_WIDTH = 140


def visible(text: str) -> str:
    """The text on one line, every control, format and line-break character shown as a space: a chart never steers a terminal."""
    return "".join(" " if unicodedata.category(character) in _INVISIBLE else character for character in text)


def page() -> Console:
    """The console for results. Plain, of one width and never colored when standard output is not a terminal."""
    console = Console(highlight=False, soft_wrap=False, markup=False, emoji=False)
    console.width = min(console.width, MAX_WIDTH) if console.is_terminal else PLAIN_WIDTH
    return console


def complain(message: str) -> None:
    """One line on stderr."""
    print(f"chartproof: {visible(message)}", file=sys.stderr, flush=True)


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says; what cannot be encoded is escaped, never a crash half-way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def counted(items: Iterable[One], what: str) -> Generator[One, None, None]:
    """The items, counted on stderr while they pass: only for a person who sees stderr and does not see the results."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from items
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        for item in items:
            yield item
            progress.advance(task)


class Building:
    """The progress of building a book, on stderr: a bar for a terminal, one line for a log, nothing when nothing is built."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._progress: Progress | None = None
        self._told = False

    def __call__(self, what: str, done: int) -> None:
        """Told by the builder as it goes on."""
        if not sys.stderr.isatty():
            if not self._told:
                complain(f"{self._title} ({what})")
            self._told = True
            return
        if self._progress is None:
            columns = (SpinnerColumn(), TextColumn(f"{self._title}: {{task.description}}"), TimeElapsedColumn())
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
            self._progress.add_task("")
        self._progress.update(self._progress.task_ids[0], description=f"{what} {done:,}" if done else what)

    def stop(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


@contextmanager
def building(title: str = "building the code book, once") -> Iterator[Building]:
    """The progress of one building, taken away at its end however it ends."""
    progress = Building(title)
    try:
        yield progress
    finally:
        progress.stop()
