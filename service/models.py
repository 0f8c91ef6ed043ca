"""``doctor`` and ``replay``: is the configured model fit for the work, and is a result what its record says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from agent.models import ModelError, endpoint_of
from codebook.book import open_book
from guardrails.policy import Policy
from records.chart import Chart
from records.formats import ChartError, read_charts
from records.formats.content import decode, read_bytes
from records.result import CodingResult
from service import inputs
from service.inputs import UsageFault
from service.output import write_line
from service.terminal import complain, visible


def doctor(name: str, as_json: bool) -> int:
    """Examine the endpoint of a model; 0 when it has all that is needed."""
    if name == "offline":
        raise UsageFault("doctor: the offline model has no endpoint; name openai or a profile")
    try:
        endpoint = endpoint_of(name, os.environ)
    except ModelError as error:
        raise UsageFault(str(error)) from None
    from agent.models.openai.doctor import NOTE_DATE, examine

    inputs.prepare_book(terms_too=True, index_too=True)
    missing = 0
    for one in examine(endpoint, open_book(NOTE_DATE)):
        missing += one.state == "missing"
        if as_json:
            write_line({"name": one.name, "state": one.state, "says": one.says})
        else:
            print(visible(f"{one.state:<8} {one.name}{f': {one.says}' if one.says else ''}"), flush=True)
    return 1 if missing else 0


def replay(charts: Sequence[Path], results: Path, policy: Policy) -> int:
    """Run every result of a file again from its record; 0 when each is the same."""
    from agent.replay import replay as run_again

    held = {one.id: one.chart for path in charts for one in read_charts(path)}
    differing = 0
    for number, result in _results(results):
        chart: Chart | None = held.get(result.id) if result else None
        if result is None or chart is None:
            differing += 1
            complain(f"{results} line {number}: {'not a result' if result is None else 'its chart was not given'}")
            continue
        replayed = run_again(result, chart, policy)
        differing += bool(replayed.differences)
        print(
            visible(
                f"{result.id}: {'the same' if not replayed.differences else 'differs'}, {replayed.calls} tool calls run again"
            )
        )
        for difference in replayed.differences:
            print(visible(f"   {difference}"), flush=True)
    return 1 if differing else 0


def _results(path: Path) -> Iterator[tuple[int, CodingResult | None]]:
    try:
        text = decode(read_bytes(path))
    except ChartError as error:
        raise UsageFault(f"{path}: {error.reason}") from None
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, CodingResult.model_validate_json(line)
            except ValidationError:
                yield number, None
