"""Coding a gold set: in parallel if asked, resumable from a file of results.

A results file has one line a chart: what was run (the model, the policy, the project's own files), on which chart, and the
result. A line made by anything else, or on another chart, is not taken for done; a chart that failed is tried again.
The file holds chart text, so only its owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from agent.coding import code_chart, held
from agent.model import Model
from agent.models import open_model
from evals.gold import GoldChart
from guardrails.policy import Policy, load_policy
from records.chart import Chart
from records.result import CodingResult

Told = Callable[[CodingResult], None]
_ROOT = Path(__file__).parent.parent
_DECIDING = ("records", "codebook", "tools", "guardrails", "prompts", "agent")


class RunError(Exception):
    """A run that had to stop. What was finished is in the results file, if there is one."""


@dataclass(frozen=True)
class Setting:
    """What codes the charts: a model and a policy by name, so that every process can open its own."""

    model: str = "offline"
    policy: str = "supervised"

    @property
    def key(self) -> str:
        """The hash of everything that decides a result beside the chart."""
        told = (self.model, load_policy(self.policy).sha256, _endpoint(self.model), _own_files())
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def run(
    gold_charts: Sequence[GoldChart], setting: Setting, jobs: int = 1, results: Path | None = None, told: Told = lambda _: None
) -> dict[str, CodingResult]:
    """The result of every chart by its id. ``told`` hears of each as it is done, those found in the results file first.

    A model or policy that cannot be opened raises before anything is coded.
    """
    _open(setting)
    charts = {one.id: one.chart for one in gold_charts if one.chart is not None}
    done = {one.id: held(one.id, one.error) for one in gold_charts if one.chart is None}
    with ExitStack() as stack:
        file: IO[str] | None = None
        if results is not None:
            done |= _read(results, charts, setting.key)
            file = stack.enter_context(_appending(results))
        for result in done.values():
            told(result)
        left = [(chart_id, chart) for chart_id, chart in charts.items() if chart_id not in done]
        for result in _coded(left, setting, min(jobs, len(left))):
            done[result.id] = result
            if file is not None:
                _write(file, charts[result.id], setting.key, result)
            told(result)
    return done


def _coded(left: Sequence[tuple[str, Chart]], setting: Setting, jobs: int) -> Iterator[CodingResult]:
    if jobs <= 1:
        model, policy = _open(setting)
        for chart_id, chart in left:
            yield code_chart(chart_id, chart, model, policy)
        return
    # A forked process would share the open files of the code book; a new one opens its own.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh) as pool:
        waiting = [pool.submit(_code, chart_id, chart, setting) for chart_id, chart in left]
        try:
            for future in as_completed(waiting):
                yield future.result()
        except BrokenProcessPool:
            raise RunError("a coding process died; the charts finished before are kept") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _code(chart_id: str, chart: Chart, setting: Setting) -> CodingResult:
    model, policy = _open(setting)
    return code_chart(chart_id, chart, model, policy)


@cache
def _open(setting: Setting) -> tuple[Model, Policy]:
    return open_model(setting.model, os.environ), load_policy(setting.policy)


def _endpoint(model: str) -> list[str]:
    """A model behind an endpoint is another one when the endpoint or its model name changes."""
    return [] if model == "offline" else [os.environ.get(f"CHARTPROOF_{name}", "") for name in ("BASE_URL", "MODEL")]


@cache
def _own_files() -> str:
    """The hash of the project's own code and data, as far as they decide a result."""
    digest = hashlib.sha256()
    for room in _DECIDING:
        for path in sorted((_ROOT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path, charts: Mapping[str, Chart], key: str) -> dict[str, CodingResult]:
    """The results that still hold. A line that cannot be read was cut off by a stop: its chart is coded again."""
    if not path.exists():
        return {}
    found = {}
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                result = _still_holds(line, charts, key)
                if result is not None:
                    found[result.id] = result
    except OSError as error:
        raise RunError(f"{path}: cannot be read ({error.strerror or type(error).__name__})") from None
    return found


def _still_holds(line: str, charts: Mapping[str, Chart], key: str) -> CodingResult | None:
    try:
        given: Any = json.loads(line)
        result = CodingResult.model_validate(given["result"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return None
    chart = charts.get(result.id)
    same = chart is not None and given.get("run") == key and given.get("chart_sha256") == chart.sha256
    return result if same and result.error is None else None


def _appending(path: Path) -> IO[str]:
    """The file open for more lines, beginning on a line of its own."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror or type(error).__name__})") from None
    file = os.fdopen(descriptor, "a+", encoding="utf-8")
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        file.write("\n")
    return file


def _write(file: IO[str], chart: Chart, key: str, result: CodingResult) -> None:
    line = {"run": key, "chart_sha256": chart.sha256, "result": result.model_dump(mode="json")}
    file.write(json.dumps(line, ensure_ascii=False) + "\n")
    file.flush()
