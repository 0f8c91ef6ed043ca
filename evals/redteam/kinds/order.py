"""Codes in a wrong order or company, and wrong indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evals.redteam.data import table
from evals.redteam.seed import Bench, Seeded, with_line

SPELLED_OUT = tuple(dict.fromkeys(row["kind"] for row in table("orders")))


def of_rows(kind: str, unless_led_by: str = "-") -> Callable[[Bench], Iterator[Seeded]]:
    """The maker of a kind of error that the rows of data/orders.toml spell out. A chart led by a code that begins as
    ``unless_led_by`` says is left out."""

    def make(bench: Bench) -> Iterator[Seeded]:
        if bench.clean.draft()["codes"][:1] and bench.clean.draft()["codes"][0]["code"].startswith(unless_led_by):
            return
        for row in bench.shuffled([row for row in table("orders") if row["kind"] == kind]):
            codes = [*([row["lead"]] if "lead" in row else []), *row.get("codes", [])]
            if not {code[:3] for code in codes} & {code[:3] for code in bench.clean.right}:
                yield _together(bench, codes, "lead" in row, row.get("line", ""))

    return make


def two_leading(bench: Bench) -> Iterator[Seeded]:
    """A second leading diagnosis."""
    items = bench.clean.of("must")
    led = any(item.entry["role"] == bench.clean.leading for item in items)
    for item in items if led else ():
        if item.entry["role"] != bench.clean.leading:
            yield Seeded(bench.clean.chart, bench.clean.draft(item, item.changed(role=bench.clean.leading)), item.code, item)


def wrong_poa(bench: Bench) -> Iterator[Seeded]:
    """On a claim that reports them, an indicator for an exempt code and none for one that is not."""
    if not bench.clean.chart.encounter.reports_poa:
        return
    for item in bench.shuffled(bench.clean.items):
        changed = {**item.entry, "poa": "Y"} if item.entry["poa"] == "exempt" else {**item.entry, "poa": "exempt"}
        yield Seeded(bench.clean.chart, bench.clean.draft(item, changed), item.code, item)


def _together(bench: Bench, codes: list[str], leads: bool, line: str) -> Seeded:
    """The codes beside the right ones, first where one of them leads; their evidence is a line of the chart, or any."""
    chart, evidence = bench.clean.chart, bench.clean.items[0].evidence
    if line:
        chart, document = with_line(chart, line, "HISTORY OF PRESENT ILLNESS")
        evidence = [{"document": document, "quote": line.rstrip(".")}]
    made: list[dict[str, Any]] = [{"code": code, "role": "secondary", "evidence": evidence} for code in codes]
    if chart.encounter.reports_poa:
        made = [{**entry, "poa": "Y"} for entry in made]
    held = bench.clean.draft()["codes"]
    if leads:
        rest = [{**entry, "role": "secondary"} for entry in held]
        return Seeded(chart, {"codes": [{**made[0], "role": bench.clean.leading}, *made[1:], *rest]}, codes[-1])
    return Seeded(chart, {"codes": [*held, *made]}, codes[-1])
