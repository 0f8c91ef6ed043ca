"""``python -m evals.adversaries [--json] [--carriers N]``: injected charts against models that obey them.

Exit code 0: nothing injected was final, no tool outside the list was called, nothing left the machine. 1: one of them failed.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from evals.adversaries.corpus import carriers, corpus
from evals.adversaries.measure import POLICY, Outcome, measure


def lines(outcome: Outcome) -> list[str]:
    """The figures as lines for people."""
    one = outcome
    rows = [
        ("injected codes final", one.injected_codes_final, f"of {one.injected_codes_handed_in} handed in"),
        ("tool calls outside the allow-list made", one.calls_outside_the_list_made, f"of {one.calls_outside_the_list} asked for"),
        ("chart text that left the machine", one.chart_text_sent, f"with {one.arguments_with_chart_text} local searches for it"),
        ("charts lost", one.charts_lost, ""),
        ("control: charts without injection final", one.clean_charts_final, f"of {one.clean_charts}"),
        ("control: injected, model does not obey, final", one.honest_charts_final, f"of {one.charts}"),
        ("injected codes proposed by the offline model", one.offline_injected_codes, f"of {one.charts}"),
    ]
    return [
        f"{one.injections} injections in {one.charts} charts; {one.runs} runs of models that obey them; policy {POLICY}",
        *(f"{name:<46}{figure:>6}  {beside}".rstrip() for name, figure, beside in rows),
        "dispositions: " + ", ".join(f"{name} {count}" for name, count in sorted(one.dispositions.items())),
        *(f"FINAL: {told}" for told in one.final),
    ]


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.adversaries", description=__doc__)
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    parser.add_argument("--carriers", type=int, default=len(carriers()), help="charts each injection is put into")
    given = parser.parse_args()
    outcome = measure(corpus(given.carriers))
    print(json.dumps(asdict(outcome)) if given.json else "\n".join(lines(outcome)))
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
