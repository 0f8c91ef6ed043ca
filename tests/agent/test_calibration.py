"""Scores: what they are made of, what a target asks for, and that only the model they were fitted on has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent import assessment
from agent.calibration import (
    Calibration,
    CalibrationError,
    Cut,
    Scale,
    Training,
    error_free_needed,
    load_calibration,
    shipped_calibration,
    wilson,
)
from agent.coding import code_chart
from agent.models.offline import OfflineModel
from codebook.places import home
from guardrails.policy import Policy, load_policy
from records.chart import Chart
from records.finding import Disposition
from records.result import CodingResult

TEXT = "ASSESSMENT AND PLAN\n\n1. Hypertension. Continue lisinopril.\n2. Asthma. Refill albuterol.\n"
STRAIGHT = load_policy("straight_through")
SURE = Scale(signals=(), weights=(), intercept=0.0, curve=((-1.0, 0.99), (1.0, 0.99)))
TRAINING = Training(sets=("made",), charts=1, codes=1, right=1, sha256="")


def calibration(*cuts: Cut, model: str = "offline/1", codes: Scale = SURE) -> Calibration:
    return Calibration(model=model, codes=codes, charts=SURE, cuts=cuts, training=TRAINING)


def coded(monkeypatch: pytest.MonkeyPatch, held: Calibration, policy: Policy) -> CodingResult:
    monkeypatch.setattr(assessment, "load_calibration", lambda: held)
    encounter = {"patient_class": "outpatient", "service_date": "2026-06-15"}
    document = {"id": "note", "kind": "office_visit_note", "author_role": "physician", "text": TEXT}
    return code_chart("one", Chart.model_validate({"encounter": encounter, "documents": [document]}), OfflineModel(), policy)


def target(share: float) -> Policy:
    return STRAIGHT.model_copy(update={"target_precision": share})


def test_the_wilson_interval_is_the_published_one() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize(("share", "needed"), [(0.97, 125), (0.95, 73), (0.9, 35)])
def test_so_many_codes_without_an_error_prove_a_share(share: float, needed: int) -> None:
    assert error_free_needed(share) == needed
    assert wilson(needed, needed)[0] >= share > wilson(needed - 1, needed - 1)[0]
    assert error_free_needed(share, needed, needed) == 0
    assert error_free_needed(share, needed, needed + 1) > 0


def test_the_threshold_is_the_widest_cut_that_is_proven() -> None:
    held = calibration(
        Cut(score=0.9, codes=200, right=200), Cut(score=0.8, codes=400, right=399), Cut(score=0.5, codes=800, right=700)
    )
    assert held.threshold(0.97).score == 0.8
    assert held.threshold(0.80).score == 0.5


def test_too_little_gold_proves_nothing_and_says_what_is_missing() -> None:
    assert calibration(Cut(score=0.9, codes=100, right=100)).threshold(0.97).model_dump() == {
        "target": 0.97, "score": None, "codes": 0, "right": 0, "needed": 25
    }  # fmt: skip
    assert calibration().threshold(0.97).needed == 125


def test_a_scale_goes_straight_between_its_points_and_no_further() -> None:
    scale = Scale(signals=("a",), weights=(2.0,), intercept=1.0, curve=((0.0, 0.2), (2.0, 0.8)))
    assert scale.sum({"a": 0.5, "b": 9}) == 2.0
    assert [scale.share(at) for at in (-1, 0, 0.5, 2, 3)] == pytest.approx([0.2, 0.2, 0.35, 0.8, 0.8])
    assert scale.sum({"b": 1.0}) is None


def test_codes_above_the_threshold_are_final_and_below_it_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    proven = Cut(score=0.9, codes=500, right=499)
    result = coded(monkeypatch, calibration(proven), target(0.97))
    assert result.disposition is Disposition.FINAL_CODED
    assert set(result.scores.values()) == {0.99}
    assert result.score == 0.99
    strict = coded(monkeypatch, calibration(proven.model_copy(update={"score": 0.995})), target(0.97))
    assert strict.disposition is Disposition.CODER_REVIEW
    assert {code for finding in strict.findings for code in finding.codes if finding.rule_id == "RN-013"} == {"I10", "J45.909"}


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (calibration(Cut(score=0.9, codes=100, right=100)), "25 more codes without an error are needed"),
        (calibration(Cut(score=0.1, codes=500, right=500), model="another/1"), "No calibration of model offline/1 is held"),
    ],
)
def test_where_nothing_is_proven_nothing_is_final(monkeypatch: pytest.MonkeyPatch, held: Calibration, said: str) -> None:
    result = coded(monkeypatch, held, target(0.97))
    assert result.disposition is Disposition.CODER_REVIEW
    assert [said in finding.message for finding in result.findings if finding.rule_id == "RN-013"] == [True]


def test_a_calibration_of_another_model_gives_no_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    result = coded(monkeypatch, calibration(model="another/1"), STRAIGHT)
    assert (result.scores, result.score) == ({}, None)
    assert result.signals["I10"]["concluding"] == 1.0
    assert result.provenance is not None
    assert result.provenance.calibration_sha256 == ""


def test_a_code_without_one_of_the_signals_has_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = Scale(signals=("never heard of",), weights=(1.0,), intercept=0.0, curve=((-1.0, 0.99), (1.0, 0.99)))
    result = coded(monkeypatch, calibration(Cut(score=0.1, codes=500, right=500), codes=strange), target(0.97))
    assert (result.scores, result.disposition) == ({}, Disposition.CODER_REVIEW)


def test_the_operators_own_calibration_comes_before_the_one_that_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path))
    assert load_calibration() == shipped_calibration()
    (home() / "calibration.json").write_text(calibration(model="mine/1").model_dump_json(), encoding="utf-8")
    assert load_calibration().model == "mine/1"


@pytest.mark.parametrize("change", [{"format": 2}, {"model": None}, {"cuts": [{"score": 1}]}])
def test_a_calibration_that_cannot_be_read_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path))
    broken = json.loads(calibration().model_dump_json()) | change
    (tmp_path / "calibration.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(CalibrationError, match=r"calibration\.json"):
        load_calibration()
    chart = Chart.model_validate(
        {"encounter": {"patient_class": "outpatient", "service_date": "2026-06-15"}, "documents": [{"id": "note", "text": TEXT}]}
    )
    assert code_chart("one", chart, OfflineModel(), STRAIGHT).disposition is Disposition.HELD


def test_what_ships_was_fitted_on_the_offline_model_and_is_small() -> None:
    shipped = shipped_calibration()
    assert shipped.model == OfflineModel.name
    assert shipped.training.charts >= 60
    assert len(shipped.model_dump_json()) < 50_000
