"""Charts received, one after the other, to results in the same order: nothing is lost, and what failed is a result too."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from agent.coding import Options, code_chart, held
from agent.log import tell
from agent.model import Model
from agent.provenance import Run
from guardrails.policy import Policy
from records.chart import Chart
from records.formats import Received
from records.result import CodingResult


@dataclass(frozen=True)
class Done:
    """One chart that has been through: where it came from, what it was (None when it could not be read), its
    result, and the runs that led to it where they were asked for."""

    place: str
    chart: Chart | None
    result: CodingResult
    runs: tuple[Run, ...] = ()

    @property
    def complaint(self) -> str:
        """The one line for stderr: the file, or the file and the line, and the reason."""
        error = self.result.error or ""
        return error if error.startswith(self.place) else f"{self.place}: {error}"


@dataclass
class Tally:
    """What became of a batch, for the exit code."""

    total: int = 0
    unread: int = 0
    failed: int = 0
    dispositions: dict[str, int] = field(default_factory=dict)

    def add(self, done: Done) -> None:
        """Count one."""
        self.total += 1
        self.unread += done.chart is None
        self.failed += done.result.error is not None
        self.dispositions[done.result.disposition] = self.dispositions.get(done.result.disposition, 0) + 1

    @property
    def exit_code(self) -> int:
        """0 done, 1 done but some charts failed, 2 when there was not one chart that could be read."""
        if self.unread == self.total:
            return 2
        return 1 if self.failed else 0


def code_all(received: Iterable[Received], model: Model, policy: Policy, at_once: int = 1, trace: bool = False) -> Iterator[Done]:
    """Code every chart as it comes, so many at once, and yield them in the order they came; with ``trace``, with the runs.

    No more charts are read ahead than can be worked on: a batch may be larger than memory.
    """
    if at_once == 1:
        for one in received:
            yield _done(one, model, policy, trace)
        return
    with ThreadPoolExecutor(at_once, thread_name_prefix="chart") as pool:
        running: deque[Future[Done]] = deque()
        try:
            for one in received:
                running.append(pool.submit(_done, one, model, policy, trace))
                if len(running) >= at_once:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for waiting in running:
                waiting.cancel()


def _done(received: Received, model: Model, policy: Policy, trace: bool) -> Done:
    if received.chart is None:
        tell("chart_unread")
        return Done(received.place, None, held(received.id, f"{received.place}: {received.error}"))
    runs: list[Run] = []
    result = code_chart(received.id, received.chart, model, policy, Options(heard=runs.append) if trace else None)
    return Done(received.place, received.chart, result, tuple(runs))
