"""``chartproof eval``: what each command does, from its faults to its exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from agent.calibration import CalibrationError, shipped_calibration
from evals import audit as auditing
from evals import compare as comparing
from evals.fit import FitError, Gathered, fit
from evals.gold import GoldSet
from evals.measure import FAULTS, Asked, measure, watched
from evals.page import Collected, write_page
from evals.proof import proof, write_calibration
from evals.results import outcomes, rescored
from evals.suite import read_suite
from evals.table import table

INTERRUPTED = 130


def evaluate(path: Path, asked: Asked, as_json: bool, html: Path | None = None) -> int:
    """0: all charts were coded and every floor held; 1: some failed, or a floor was missed; 2: it cannot be run."""
    kept = f"; finished charts are in {asked.out}" if asked.out else ""
    return guarded(lambda: _evaluate(path, asked, as_json, html), kept)


def _evaluate(path: Path, asked: Asked, as_json: bool, html: Path | None) -> int:
    suite = read_suite(path)
    seen = Collected() if html else None
    report = measure(suite, replace(asked, seen=(*asked.seen, seen.add)) if seen else asked)
    if seen and html:
        write_page(html, suite.name, report, seen)
    print(json.dumps(report) if as_json else table(report), flush=True)
    missed = suite.missed(report)
    for line in missed:
        complain(line)
    return 1 if report.get("failed") or missed else 0


def fit_gold(paths: Sequence[Path], asked: Asked, out: Path | None, afresh: bool, version: int) -> int:
    """Fit a calibration on gold sets, write it, and say what it proves."""
    return guarded(lambda: _fit(paths, asked, out, afresh, version), ": nothing is written")


def _fit(paths: Sequence[Path], asked: Asked, out: Path | None, afresh: bool, version: int) -> int:
    gathered = Gathered()
    suites = [read_suite(path) for path in paths]
    for suite in suites:
        for case in watched(suite, asked):
            gathered.add(case)
    base = None if afresh else shipped_calibration()
    fitted = fit(gathered, [suite.name for suite in suites], base, version)
    print(proof(fitted, gathered, base, write_calibration(fitted, out)), flush=True)
    return 0


def compare_runs(a: Path, b: Path, as_json: bool) -> int:
    """0: compared; 2: one cannot be read, or they share no chart."""
    return guarded(lambda: _compare(a, b, as_json))


def _compare(a: Path, b: Path, as_json: bool) -> int:
    found = comparing.compare(outcomes(a), outcomes(b))
    print(json.dumps(found.as_json()) if as_json else "\n".join(comparing.lines(found)))
    return 0


def audit_run(path: Path, reviewed: Path | None, size: int, seed: str, bounds: tuple[float, float]) -> int:
    """Without a review: the charts to look at, one a line. With one: how accurate they were, and whether that is enough."""
    return guarded(lambda: _audit(path, reviewed, size, seed, bounds))


def _audit(path: Path, reviewed: Path | None, size: int, seed: str, bounds: tuple[float, float]) -> int:
    found = outcomes(path)
    drawn = auditing.sample(found, size, seed)
    if reviewed is None:
        print("\n".join(drawn))
        return 0
    try:
        plan = auditing.Sequential(*bounds)
    except ValueError as error:
        return complain(f"audit: {error}")
    seen = rescored(path, GoldSet(reviewed))
    order = [seen[chart] for chart in drawn if chart in seen]
    print("\n".join(auditing.lines(auditing.audit(order), order, plan)))
    left = len(drawn) - len(order)
    if left:
        complain(f"{left} of the {len(drawn)} charts drawn have not been reviewed")
    return 0


def guarded(work: Callable[[], int], stopped: str = "") -> int:
    """The exit code of the work; what cannot be done is one line, and 2."""
    try:
        return work()
    except (*FAULTS, FitError, CalibrationError, comparing.CompareError) as error:
        return complain(str(error))
    except KeyboardInterrupt:
        complain(f"stopped{stopped}")
        return INTERRUPTED


def complain(message: str) -> int:
    """One line on stderr, and the exit code of what cannot be done."""
    print(f"chartproof: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return 2
