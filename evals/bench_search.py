"""Search measured: ``python -m evals.bench_search [SHARED]`` prints it without and with the Alphabetic Index imported, beside
simple baselines and without each of its parts, and what it costs to build, to open, to keep and to ask.

SHARED is the folder with the development data (or ``CHARTPROOF_SHARED``); without it the benchmark says so and measures nothing.
Homes and caches are temporary folders, so that nothing the user has imported or built counts. Each step has a process of its own,
held to one core where the system allows; milliseconds are of processor time, the clock stands beside them.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from codebook.search import PARTS
from evals.index_home import bare_cache, bare_home, index_home
from evals.search_baselines import BASELINES
from evals.search_measure import ON, Asking, Cost, ask, ask_baseline, build_book, build_its_vectors, open_book_once
from evals.search_table import print_by_code, print_costs, print_table
from evals.search_terms import Asked, index_terms, spans

_WHOLE = "chartproof"
_INDEX = "alphabetic index"


def main(arguments: list[str]) -> int:
    """Print the tables; 2 when there is nothing to measure on."""
    named = arguments[0] if arguments else os.environ.get("CHARTPROOF_SHARED", "")
    asked = {"index terms": index_terms(Path(named)), "gold spans": spans(Path(named))} if named else {}
    if not any(asked.values()):
        print("bench-search: no development data here: give its folder as the argument or in CHARTPROOF_SHARED")
        return 2
    with bare_cache():
        with bare_home():
            cost = _cost()
            found = {name: _asked(queries, PARTS - {_INDEX}) | _baselines(queries) for name, queries in asked.items()}
        with index_home(Path(named), ON) as releases:
            with_cost = _cost() if releases else None
            # Lines of the index itself show no more, with it imported, than that it is looked up: no ablation for them.
            with_index = {
                name: _asked(queries, frozenset() if name == "index terms" else PARTS) if releases else {}
                for name, queries in asked.items()
            }
    print_costs(cost, with_cost, releases)
    for name, queries in asked.items():
        print_table(name, queries, found[name], with_index[name])
    print_by_code(asked["gold spans"], found["gold spans"][_WHOLE], with_index["gold spans"].get(_WHOLE))
    return 0


def _cost() -> Cost:
    built, vectors = _alone(build_book), _alone(build_its_vectors)
    opened, resident = _alone(open_book_once)
    return Cost(built, vectors, opened, resident)


def _asked(queries: list[Asked], ablated: frozenset[str]) -> dict[str, Asking]:
    """Search as a whole, and without each of some parts."""
    rows = {_WHOLE: _alone(ask, queries, PARTS)}
    return rows | {f"  without {part}": _alone(ask, queries, PARTS - {part}) for part in sorted(ablated)}


def _baselines(queries: list[Asked]) -> dict[str, Asking]:
    return {name: _alone(ask_baseline, queries, name) for name, _, _ in BASELINES}


def _alone(step: Callable[..., Any], *given: Any) -> Any:
    """What a step answers in a fresh process, so that neither memory nor anything kept is another step's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(step, *given).result()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
