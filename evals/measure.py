"""Score a model on a gold set: ``python -m evals.measure GOLD.jsonl``. Prints a table, or with --json one object.

Exit code 0: all charts were coded; 1: some failed (and count as missed); 2: the set, the model or the policy cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.models import ModelError
from codebook.book import BookError
from codebook.shelf import held as held_releases
from evals.case import cases
from evals.gold import GoldChart, GoldError, read_gold
from evals.progress import progress
from evals.run import RunError, Setting, run
from evals.score import DRAWS, score
from evals.table import table
from guardrails.policy import PolicyError

INTERRUPTED = 130


def measure(
    gold_charts: Sequence[GoldChart], setting: Setting, jobs: int = 1, results: Path | None = None, draws: int = DRAWS
) -> dict[str, Any]:
    """The score of one set: code every chart, with progress on stderr, and score the results."""
    held_releases()  # builds the packaged book if need be, before several processes would want to
    with progress(len(gold_charts), "charts") as advance:
        coded = run(gold_charts, setting, jobs, results, lambda _: advance())
    return score(cases(gold_charts, coded), draws)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        gold_charts = read_gold(given.gold)[: given.limit]
        report = measure(gold_charts, Setting(given.model, given.policy), given.jobs, given.results, given.draws)
    except (GoldError, RunError, ModelError, PolicyError, BookError) as error:
        print(f"evals: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        kept = f"; finished charts are in {given.results}" if given.results else ""
        print(f"evals: stopped{kept}", file=sys.stderr)
        return INTERRUPTED
    print(json.dumps(report) if given.json else table(report))
    return 1 if report["failed"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.measure", description="Score a model on a gold set.")
    parser.add_argument("gold", type=Path, help="a gold JSONL file, a JSON file, or a folder of JSON files")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--limit", type=positive, help="score the first N charts only")
    parser.add_argument("--jobs", type=positive, default=1, help="processes that code at the same time")
    parser.add_argument("--model", default="offline", help="offline, or openai for the endpoint in the environment")
    parser.add_argument("--policy", default="supervised", help="supervised, straight_through, or a policy file")
    parser.add_argument("--results", type=Path, help="keep results here and take up where an earlier run stopped")
    parser.add_argument("--draws", type=positive, default=DRAWS, help="resamples for the intervals")
    return parser


def positive(text: str) -> int:
    """A whole number above 0, for an option of a command."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
