"""``chartproof redteam``: a gold set attacked, and the table printed. Gives the exit code."""

from __future__ import annotations

import json
from pathlib import Path

from codebook.book import BookError
from evals.command import INTERRUPTED, complain
from evals.gold import GoldError, read_gold
from evals.redteam.report import report, table
from evals.redteam.team import attack
from guardrails.policy import PolicyError, load_policy


def redteam(path: Path, policy: str, as_json: bool, a_chart: int, misses: bool) -> int:
    """0: measured; 1: some charts of the set could not be read; 2: it cannot be run."""
    try:
        gold_charts = read_gold(path)
        found = report(attack(gold_charts, load_policy(policy), a_chart))
    except (GoldError, PolicyError, BookError) as error:
        return complain(str(error))
    except KeyboardInterrupt:
        complain("stopped")
        return INTERRUPTED
    print(json.dumps(found) if as_json else table(found, misses), flush=True)
    unread = [one for one in gold_charts if one.chart is None]
    for one in unread:
        complain(f"{one.id}: {one.error}")
    return 1 if unread else 0
