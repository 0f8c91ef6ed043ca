"""Progress of a long run on stderr: how many, how fast, how long still. No word of a chart."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

_EVERY = 10.0


class Rate(ProgressColumn):
    """Charts a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "")


@contextmanager
def progress(total: int, what: str) -> Generator[Callable[[], None], None, None]:
    """A function to call after each one. A terminal gets a bar; a log gets a line every ten seconds."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)
    else:
        yield _Lines(total, what).advance


class _Lines:
    def __init__(self, total: int, what: str) -> None:
        self._total = total
        self._what = what
        self._done = 0
        self._began = self._spoke = time.monotonic()

    def advance(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._spoke < _EVERY:
            return
        self._spoke = now
        rate = self._done / (now - self._began)
        left = (self._total - self._done) / rate
        print(f"{self._what}: {self._done} of {self._total}, {rate:.1f}/s, {left:.0f} s left", file=sys.stderr, flush=True)
