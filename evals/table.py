"""The score as lines for people: every figure with its interval, in the order of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

NOT_SCORED = "-"
_COUNTED = {"cost": "{:.2f}", "seconds": "{:.1f}"}


def table(report: Mapping[str, Any]) -> str:
    """One line a figure: its dotted key, the figure, and its 95 % interval. What could not be scored is a dash."""
    bounds = report["intervals"]
    lines = list(_lines({key: value for key, value in report.items() if key != "intervals"}, ""))
    width = max(len(key) for key, _ in lines)
    return "\n".join(f"{key:<{width}}  {_shown(key, figure):>8}  {_interval(bounds.get(key))}".rstrip() for key, figure in lines)


def _lines(level: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in level.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _shown(key: str, figure: float | int | None) -> str:
    if figure is None:
        return NOT_SCORED
    return _COUNTED.get(key, "{:.3f}").format(figure) if isinstance(figure, float) else f"{figure:,}"


def _interval(bounds: list[float] | None) -> str:
    return f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
