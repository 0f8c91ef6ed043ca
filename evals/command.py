"""``chartproof eval``: a suite or a gold set measured, its report printed, its floors held. Gives the exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evals.measure import FAULTS, Asked, measure
from evals.suite import read_suite
from evals.table import table

INTERRUPTED = 130


def evaluate(path: Path, asked: Asked, as_json: bool, html: Path | None = None) -> int:
    """0: all charts were coded and every floor held; 1: some failed, or a floor was missed; 2: it cannot be run."""
    try:
        suite = read_suite(path)
        report = measure(suite, asked)
    except FAULTS as error:
        return complain(str(error))
    except KeyboardInterrupt:
        complain(f"stopped{f'; finished charts are in {asked.out}' if asked.out else ''}")
        return INTERRUPTED
    print(json.dumps(report) if as_json else table(report), flush=True)
    missed = suite.missed(report)
    for line in missed:
        complain(line)
    return 1 if report.get("failed") or missed else 0


def complain(message: str) -> int:
    """One line on stderr, and the exit code of what cannot be done."""
    print(f"chartproof: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return 2
