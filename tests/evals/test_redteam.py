"""The red team: every kind seeds one error, the rules catch it on the project's own gold, and untouched codes pass."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from evals.gold import read_gold
from evals.redteam.clean import Clean, clean_of
from evals.redteam.data import table
from evals.redteam.kinds import MAKERS
from evals.redteam.report import report
from evals.redteam.report import table as shown
from evals.redteam.team import attack
from guardrails.policy import load_policy
from guardrails.rules import RULES

GOLD = Path(__file__).parents[2] / "evals" / "gold"
UNHELD = {"ptp_pair", "units_over_mue"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    # Every other chart of a set is as good a sample, in half the time.
    charts = [*read_gold(GOLD / "examples"), *islice(read_gold(GOLD / "outpatient"), 0, None, 2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHARTPROOF_HOME", str(tmp_path_factory.mktemp("home")))
        yield report(attack(charts, load_policy("straight_through"), 1))


@pytest.fixture(scope="module")
def clean() -> Clean:
    made = [clean_of(chart) for chart in read_gold(GOLD / "examples")]
    return next(one for one in made if one is not None)


def test_every_kind_is_made() -> None:
    assert {row["kind"] for row in table("kinds")} == set(MAKERS)
    assert len(MAKERS) >= 24


def test_every_kind_is_caught_by_rules_that_exist() -> None:
    known = {rule.id for rule in RULES}
    assert {rule for row in table("kinds") if row["kind"] in MAKERS for rule in row["rules"]} - known == set()


def test_what_no_table_is_held_for_is_null(found: dict[str, Any]) -> None:
    assert {name for name, kind in found["kinds"].items() if kind is None} >= UNHELD


def test_the_rules_catch_what_was_seeded(found: dict[str, Any]) -> None:
    missed = [f"{one['kind']} {one['chart']} {one['of']} {one['code']}" for one in found["misses"]]
    assert found["catch_rate"] >= 0.98, missed
    weak = {name: kind["catch_rate"] for name, kind in found["kinds"].items() if kind and kind["seeded"] >= 16}
    assert {name: rate for name, rate in weak.items() if rate < 0.9} == {}, missed


def test_the_sums_agree(found: dict[str, Any]) -> None:
    held = [kind for kind in found["kinds"].values() if kind]
    assert found["seeded"] == sum(kind["seeded"] for kind in held)
    assert len(found["misses"]) == sum(kind["missed"] for kind in held)
    assert "invented_code" in shown(found, misses=True)


def test_a_draft_differs_from_the_untouched_one_in_one_entry(clean: Clean) -> None:
    untouched = clean.draft()["codes"]
    for item in clean.of("must"):
        changed = clean.draft(item, item.changed(code="Z99.X"))["codes"]
        assert [index for index, pair in enumerate(zip(untouched, changed, strict=True)) if pair[0] != pair[1]] == [
            next(_places(clean, item.code))
        ]


def _places(clean: Clean, code: str) -> Iterator[int]:
    return (index for index, item in enumerate(clean.of("must")) if item.code == code)
