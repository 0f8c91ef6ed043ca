"""Measuring: a suite's charts coded and scored, one after the other, with progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.models import ModelError
from codebook.book import BookError
from codebook.shelf import held as held_releases
from evals.case import Case
from evals.gold import GoldError
from evals.progress import progress
from evals.recording import RecordingError
from evals.results import ResultsError
from evals.run import RunError, run
from evals.score import DRAWS, score
from evals.suite import Suite, SuiteError
from guardrails.policy import PolicyError

# What can be wrong with a set, a suite, a model or a policy: each is one line.
FAULTS = (GoldError, SuiteError, ResultsError, RecordingError, RunError, ModelError, PolicyError, BookError)


@dataclass(frozen=True)
class Asked:
    """What the command was asked for beside the suite. ``seen`` hears of every scored chart."""

    model: str | None = None
    policy: str | None = None
    jobs: int = 1
    limit: int | None = None
    out: Path | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    draws: int = DRAWS
    cassettes: Path | None = None
    replay: bool = False
    seen: tuple[Callable[[Case], None], ...] = ()


def measure(suite: Suite, asked: Asked) -> dict[str, Any]:
    """The report of a suite."""
    return score(watched(suite, asked), asked.draws, suite.chosen)


def watched(suite: Suite, asked: Asked) -> Iterator[Case]:
    """Every chart of a suite coded and set beside its gold, with progress on stderr."""
    held_releases()  # builds the packaged book if need be, before several processes would want to
    charts = suite.gold(asked.facts, asked.limit)
    with progress(len(charts), "charts") as advance:
        setting = replace(suite.setting(asked.model, asked.policy), cassettes=asked.cassettes, replay=asked.replay)
        for case in run(charts, setting, asked.jobs, asked.out):
            yield case
            for one in asked.seen:
                one(case)
            advance()
