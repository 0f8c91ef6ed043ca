"""``chartproof gold``: check, promote and agreement, from what they are given to their exit code."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from evals import curation
from evals.agreement import agreement
from evals.command import complain, guarded
from evals.gold import GoldSet


def check(path: Path, as_json: bool) -> int:
    """0: nothing is wrong with the set; 1: something is; 2: it cannot be read."""
    return guarded(lambda: _check(path, as_json))


def _check(path: Path, as_json: bool) -> int:
    gold = GoldSet(path)
    found = 0
    for fault in curation.faults(gold):
        found += 1
        print(json.dumps(asdict(fault)) if as_json else f"{fault.chart}: {fault.what}")
    if not as_json:
        print(f"{len(gold)} charts, {found} faults")
    return 1 if found else 0


def promote(reviewed: Path, into: Path) -> int:
    """0: all were added; 1: some were refused; 2: nothing can be read or written."""
    return guarded(lambda: _promote(reviewed, into))


def _promote(reviewed: Path, into: Path) -> int:
    added, refused = curation.promote(reviewed, into)
    for fault in refused:
        complain(f"{fault.chart}: {fault.what}")
    print(f"{added} charts added to {into}, {len(refused)} refused")
    return 1 if refused else 0


def agree(one: Path, other: Path, as_json: bool) -> int:
    """0: compared; 2: the sets cannot be read, or share no chart."""
    return guarded(lambda: _agree(one, other, as_json))


def _agree(one: Path, other: Path, as_json: bool) -> int:
    found = agreement(GoldSet(one), GoldSet(other))
    if as_json:
        print(json.dumps(asdict(found)))
        return 0
    print(f"charts in both            {found.charts}, {found.exact} of them coded alike")
    for name in ("codes", "categories", "first_listed", "evidence"):
        figure = getattr(found, name)
        print(f"agreement {name:<15} {'-' if figure is None else f'{figure:.3f}'}")
    for fault in found.differences:
        print(f"{fault.chart}: {fault.what}")
    return 0
