"""Services that break the published edits. Nothing is seeded where no table of the setting is held for the date."""

from __future__ import annotations

from collections.abc import Iterator

from codebook import holdings
from evals.redteam.seed import Bench, Seeded

_AT_MOST = 20


def ptp_pair(bench: Bench) -> Iterator[Seeded]:
    """Two services that a PTP edit without a modifier keeps apart."""
    on = bench.clean.chart.encounter.code_set_date
    for found in holdings.parts(f"ptp_{_setting(bench)}", on):
        rows = found.connection.execute(
            "SELECT column_one, column_two FROM ptp"
            " WHERE indicator = 0 AND start <= ? AND (finish IS NULL OR finish >= ?) LIMIT ?",
            (on.isoformat(), on.isoformat(), _AT_MOST),
        )
        for one, other in bench.shuffled(rows.fetchall()):
            yield _with_services(bench, {one: 1, other: 1}, other)


def units_over_mue(bench: Bench) -> Iterator[Seeded]:
    """A service with one unit more than its MUE allows."""
    found = holdings.find(f"mue_{_setting(bench)}", bench.clean.chart.encounter.code_set_date)
    if found is not None:
        rows = found.connection.execute("SELECT code, units FROM mue WHERE units > 0 LIMIT ?", (_AT_MOST,))
        for code, units in bench.shuffled(rows.fetchall()):
            yield _with_services(bench, {code: units + 1}, code)


def _setting(bench: Bench) -> str:
    return "practitioner" if bench.clean.chart.encounter.claim_type == "professional" else "hospital"


def _with_services(bench: Bench, services: dict[str, int], broken: str) -> Seeded:
    evidence = bench.clean.items[0].evidence
    entries = [
        {
            "system": "hcpcs" if code[0].isalpha() else "cpt",
            "code": code,
            "role": "procedure",
            "units": units,
            "evidence": evidence,
        }
        for code, units in services.items()
    ]
    return Seeded(bench.clean.chart, bench.clean.draft(None, None, *entries), broken)
