"""The attack as a report: one object for programs, a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from evals.redteam.team import Alarms, Kind, Outcome

NOT_MEASURED = "-"


def report(outcome: Outcome) -> dict[str, Any]:
    """Kind by kind how many were seeded, caught and missed, and beside it the false alarms. Null where nothing was held."""
    seeded = sum(kind.seeded for kind in outcome.kinds.values())
    caught = sum(kind.caught for kind in outcome.kinds.values())
    return {
        "charts": outcome.charts,
        "seeded": seeded,
        "caught": caught,
        "catch_rate": caught / seeded if seeded else None,
        "kinds": {name: _kind(kind) for name, kind in outcome.kinds.items()},
        "false_alarms": {
            **{f"{tier}_codes": _alarms(alarms) for tier, alarms in outcome.codes.items()},
            "charts": _alarms(outcome.whole_charts),
        },
        "misses": [asdict(miss) for miss in outcome.misses],
    }


def _kind(kind: Kind) -> dict[str, Any] | None:
    if not kind.seeded:
        return None
    return {
        "title": kind.title,
        "seeded": kind.seeded,
        "caught": kind.caught,
        "missed": kind.seeded - kind.caught,
        "catch_rate": kind.caught / kind.seeded,
        "stopped_before": kind.stopped_before,
    }


def _alarms(alarms: Alarms) -> dict[str, Any] | None:
    if not alarms.looked_at:
        return None
    return {
        "untouched": alarms.looked_at,
        "stopped": alarms.stopped,
        "false_alarm_rate": alarms.stopped / alarms.looked_at,
        "rules": dict(alarms.rules.most_common()),
    }


def table(found: dict[str, Any], misses: bool = False) -> str:
    """The report in lines for people."""
    return "\n".join(_lines(found, misses))


def _lines(found: dict[str, Any], misses: bool) -> Iterator[str]:
    yield f"{'kind':<28} {'seeded':>7} {'caught':>7} {'missed':>7} {'rate':>7}"
    for name, kind in found["kinds"].items():
        figures = (kind["seeded"], kind["caught"], kind["missed"]) if kind else (NOT_MEASURED,) * 3
        yield f"{name:<28} {figures[0]:>7} {figures[1]:>7} {figures[2]:>7} {_share(kind and kind['catch_rate']):>7}"
    missed = found["seeded"] - found["caught"]
    yield f"{'all':<28} {found['seeded']:>7} {found['caught']:>7} {missed:>7} {_share(found['catch_rate']):>7}"
    yield ""
    yield f"untouched gold of {found['charts']} charts, stopped by a review or block finding:"
    for name, alarms in found["false_alarms"].items():
        if alarms is None:
            yield f"  {name:<12} {NOT_MEASURED}"
            continue
        yield f"  {name:<12} {alarms['stopped']} of {alarms['untouched']} ({_share(alarms['false_alarm_rate'])})"
        yield from (f"    {rule:<8} {count:>4}  {_share(count / alarms['untouched'])}" for rule, count in alarms["rules"].items())
    if misses:
        yield ""
        yield from (f"missed: {one['kind']} {one['chart']} {one['of'] or '+'} -> {one['code']}" for one in found["misses"])


def _share(rate: float | None) -> str:
    return NOT_MEASURED if rate is None else f"{100 * rate:.1f} %"
