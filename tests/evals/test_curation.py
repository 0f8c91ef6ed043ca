"""Gold looked after: faults found, reviewed charts promoted or refused, annotators compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.agreement import agreement
from evals.curation import faults, promote
from evals.gold import GoldSet
from tests.evals.made import OUTPATIENT, TEXT, group

CHART = {"encounter": OUTPATIENT, "documents": [{"id": "note", "text": TEXT}]}
GOOD = {"codes": [group("I10", quotes=["Hypertension"])], "first_listed": ["I10"]}
DRAFT = {"codes": [{"code": "I10", "role": "first_listed", "evidence": [{"document": "note", "quote": "Hypertension"}]}]}


def written(folder: Path, *golds: Any, name: str = "set.jsonl") -> Path:
    path = folder / name
    lines = [{"id": f"c{number}", "chart": CHART, "gold": gold} for number, gold in enumerate(golds)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("gold", "what"),
    [
        (GOOD, None),
        ({"codes": [group("I99.99")]}, "I99.99 is not a code of"),
        ({"codes": [group("E11")]}, "E11 cannot be reported"),
        ({"codes": [group("I10"), group("I10", "I11.9")]}, "I10 stands in two groups"),
        ({"codes": [group("I10")], "first_listed": ["E11.9"]}, "E11.9 is to be first, and is none of the codes"),
        ({"codes": [group("I10")], "traps": [{"code": "I10", "quote": "Hypertension"}]}, "trap I10 is also one of the codes"),
        ({"codes": [], "traps": [{"code": "I10", "quote": "Nothing"}]}, "trap I10: its quote does not stand in the chart"),
        (
            {"codes": [{**group("I10"), "evidence": [{"document": "note", "start": 0, "end": 4, "text": "Typo"}]}]},
            "evidence at 0-4 is not what stands there",
        ),
        ({"codes": [{**group("I10"), "evidence": [{"document": "note", "start": 5, "end": 9999}]}]}, "lies outside its document"),
        ({"codes": [{**group("I10"), "evidence": [{"document": "x", "start": 0, "end": 4}]}]}, "a document that is not there"),
    ],
)
def test_faults(tmp_path: Path, gold: Any, what: str | None) -> None:
    found = [fault.what for fault in faults(GoldSet(written(tmp_path, gold)))]
    assert [what in one for one in found] == [True] if what else found == []


def test_a_chart_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    assert [fault.what for fault in faults(GoldSet(written(tmp_path, GOOD, GOOD)))] == ["has the same documents as c0"]


def test_reviewed_charts_become_gold_without_a_fault(tmp_path: Path) -> None:
    reviewed, into = tmp_path / "reviewed.jsonl", tmp_path / "gold.jsonl"
    line = {"id": "r1", "chart": CHART, "draft": DRAFT, "reviewed_by": "qa-7"}
    reviewed.write_text(json.dumps(line), encoding="utf-8")
    assert promote(reviewed, into) == (1, ())
    (one,) = GoldSet(into)
    assert (one.gold.first_listed, one.gold.codes[0].any_of) == (("I10",), ("I10",))
    assert one.gold.model_extra == {"reviewed_by": "qa-7"}
    assert list(faults(GoldSet(into))) == []
    added, refused = promote(reviewed, into)
    assert (added, [fault.what for fault in refused]) == (0, ["is in the set already"])


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        ({"codes": [{"code": "E11"}]}, "E11 cannot be reported"),
        ({"codes": [{"code": "I10", "evidence": [{"document": "note", "quote": "never written"}]}]}, "a quote does not stand"),
        ({"codes": [{"cod": "I10"}]}, "code 1"),
        ("I10", "list of codes"),
    ],
)
def test_what_is_not_fit_to_be_gold_is_refused(tmp_path: Path, draft: Any, why: str) -> None:
    reviewed, into = tmp_path / "reviewed.jsonl", tmp_path / "gold.jsonl"
    reviewed.write_text(json.dumps({"id": "r1", "chart": CHART, "draft": draft}), encoding="utf-8")
    added, (refused,) = promote(reviewed, into)
    assert added == 0
    assert why in refused.what
    assert not into.exists()


def test_agreement_counts_what_both_and_what_one_gives(tmp_path: Path) -> None:
    one = {"codes": [group("I10", quotes=["Hypertension"]), group("E11.9"), group("N18.31")], "first_listed": ["E11.9"]}
    other = {"codes": [group("I10", quotes=["Hypertension and CKD"]), group("E11.65", "E11.8")], "first_listed": ["I10"]}
    found = agreement(GoldSet(written(tmp_path, one)), GoldSet(written(tmp_path, other, name="other.jsonl")))
    assert (found.charts, found.exact) == (1, 0)
    assert found.codes == pytest.approx(2 * 1 / (3 + 2))
    assert found.categories == pytest.approx(2 * 2 / (3 + 2))
    assert (found.first_listed, found.evidence) == (0.0, 1.0)
    assert [fault.what for fault in found.differences] == [
        "E11.9 only in the first",
        "N18.31 only in the first",
        "E11.65 only in the second",
    ]
