"""Coding a gold set: one chart after the other, in parallel if asked, resumable from a file of results.

A results file has one line a chart: what was run (the model, the policy, the project's own files), on which chart, the result,
and how it was scored. A line made by anything else, or on another chart, is not taken for done; a chart that failed is tried
again. The last line of a chart counts. The file holds chart text, so only its owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.calibration import load_calibration
from agent.coding import Options, code_chart, held
from agent.log import open_log
from agent.model import Model
from agent.models import open_model
from agent.models.profiles import read_config
from evals.case import Case, case_of
from evals.gold import GoldChart
from evals.recording import prepare, recorded
from evals.results import Results
from guardrails.policy import Policy, load_policy
from records.chart import Chart
from records.result import CodingResult

_ROOT = Path(__file__).parent.parent
_DECIDING = ("records", "codebook", "tools", "guardrails", "prompts", "agent")
_WAITING = 8


class RunError(Exception):
    """A run that had to stop. What was finished is in the results file, if there is one."""


@dataclass(frozen=True)
class Setting:
    """What codes the charts: a model and a policy by name, so that every process can open its own.

    ``prompt_version`` is a released version of the coder's prompt, None for the live one. ``code_everything`` makes that
    the coding policy of the whole set; a chart whose gold says so chooses it by itself. ``cassettes`` is where exchanges with
    a live model are kept; with ``replay`` nothing is asked that is not there.
    """

    model: str = "offline"
    policy: str = "supervised"
    prompt_version: int | None = None
    code_everything: bool = False
    cassettes: Path | None = None
    replay: bool = False

    @property
    def key(self) -> str:
        """The hash of everything that decides a result beside the chart and its own coding policy."""
        calibration = load_calibration().sha256
        policy = load_policy(self.policy).sha256
        told = (self.model, policy, _endpoint(self.model), self.prompt_version, calibration, _own_files())
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def options(self, gold_chart: GoldChart) -> Options:
        """How this chart is to be coded."""
        everything = self.code_everything or gold_chart.gold.code_everything
        return Options(code_everything=everything, prompt_version=self.prompt_version)


def run(gold_charts: Iterable[GoldChart], setting: Setting, jobs: int = 1, out: Path | None = None) -> Iterator[Case]:
    """Every chart with its result, in the order of the set. Only a few are held at a time.

    A model or policy that cannot be opened raises before anything is coded.
    """
    _open(setting)
    if setting.cassettes is not None:
        prepare(setting.cassettes, setting.replay)
    with Results.at(out) as results:
        key = setting.key if out is not None else ""
        for gold_chart, waiting in _ahead(gold_charts, setting, jobs, results, key):
            found = case_of(gold_chart, _done(waiting))
            results.keep(_run_key(key, setting, gold_chart), found)
            yield found


Waiting = CodingResult | Future[CodingResult]


def _ahead(
    gold_charts: Iterable[GoldChart], setting: Setting, jobs: int, results: Results, key: str
) -> Iterator[tuple[GoldChart, Waiting]]:
    """Each chart with its result, or with the promise of one where several processes work ahead."""
    if jobs <= 1:
        for gold_chart in gold_charts:
            known = _known(gold_chart, setting, results, key)
            yield gold_chart, known or _code(gold_chart.id, _chart(gold_chart), setting, setting.options(gold_chart))
        return
    # A forked process would share the open files of the code book; a new one opens its own.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh, initializer=open_log, initargs=(dict(os.environ),)) as pool:
        line: deque[tuple[GoldChart, Waiting]] = deque()
        try:
            for gold_chart in gold_charts:
                known = _known(gold_chart, setting, results, key)
                options = setting.options(gold_chart)
                line.append((gold_chart, known or pool.submit(_code, gold_chart.id, _chart(gold_chart), setting, options)))
                if len(line) > _WAITING * jobs:
                    yield line.popleft()
            yield from line
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _done(waiting: Waiting) -> CodingResult:
    if isinstance(waiting, CodingResult):
        return waiting
    try:
        return waiting.result()
    except BrokenProcessPool:
        raise RunError("a coding process died; the charts finished before are kept") from None


def _known(gold_chart: GoldChart, setting: Setting, results: Results, key: str) -> CodingResult | None:
    """The result of a chart that needs no coding: it cannot be read, or it is done."""
    if gold_chart.chart is None:
        return held(gold_chart.id, gold_chart.error)
    return results.done(_run_key(key, setting, gold_chart), gold_chart.id, gold_chart.chart)


def _run_key(key: str, setting: Setting, gold_chart: GoldChart) -> str:
    return f"{key}/everything" if setting.options(gold_chart).code_everything else key


def _chart(gold_chart: GoldChart) -> Chart:
    assert gold_chart.chart is not None
    return gold_chart.chart


def _code(chart_id: str, chart: Chart, setting: Setting, options: Options) -> CodingResult:
    model, policy = _open(setting)
    with recorded(setting.cassettes, setting.replay, chart):
        return code_chart(chart_id, chart, model, policy, options)


@cache
def _open(setting: Setting) -> tuple[Model, Policy]:
    return open_model(setting.model, os.environ), load_policy(setting.policy)


def _endpoint(model: str) -> list[str]:
    """A model behind an endpoint is another one when the endpoint, its model name or the configuration changes."""
    if model == "offline":
        return []
    named = [os.environ.get(f"CHARTPROOF_{name}", "") for name in ("BASE_URL", "MODEL")]
    return [*named, read_config(os.environ).model_dump_json()]


@cache
def _own_files() -> str:
    """The hash of the project's own code and data, as far as they decide a result."""
    digest = hashlib.sha256()
    for room in _DECIDING:
        for path in sorted((_ROOT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
