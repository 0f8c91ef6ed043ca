"""``python -m evals.economy [--json]``: tokens a long chart, against the naive prompt.

Exit code 1: a chart was read at less than three times fewer tokens, or not to the same codes, or not to its end.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from evals.economy.measure import CHARS_PER_TOKEN, Economy, measure

AT_LEAST = 3.0


def holds(one: Economy) -> bool:
    """Whether the promise is kept for a chart."""
    return one.ratio >= AT_LEAST and one.same_codes and not one.unread


def line(one: Economy) -> str:
    """A chart's figures on a line."""
    return (
        f"{one.documents:>9}{one.characters:>12,}{one.turns:>7}{one.sent:>12,}{one.fresh:>12,}{one.naive_all_codes:>14,}"
        f"{one.ratio:>7.1f}x{one.naive_categories:>14,}{one.naive_categories / one.sent:>7.1f}x"
        f"   {len(one.codes)} codes, {'the same' if one.same_codes else 'OTHERS'}{', UNREAD DOCUMENTS' if one.unread else ''}"
    )


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.economy", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a chart")
    given = parser.parse_args()
    if not given.json:
        print(f"tokens a chart, {CHARS_PER_TOKEN} characters a token; sent: each turn whole; fresh: less what was sent before;")
        print("beside it, and so many times of what is sent: the chart with the list of all codes, or of the categories alone")
        print("documents  characters  turns        sent       fresh     all codes          categories")
    kept = True
    for one in measure():
        kept = kept and holds(one)
        print(json.dumps({**asdict(one), "ratio": round(one.ratio, 2)}) if given.json else line(one), flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
