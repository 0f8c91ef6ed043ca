"""How sure a coded chart is: the signals of its codes, their calibrated scores, and what the policy makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.calibration import Calibration, chart_signals, load_calibration
from agent.log import rule_failed
from agent.signals import Signals, signals
from guardrails.check import check, ordered
from guardrails.coded_chart import CodedChart
from guardrails.rules import RULES
from guardrails.rules.policy_score import policy_score
from records.finding import Finding
from tools import Desk

# All rules but the one about scores, which can only be asked when the others have spoken.
UNSCORED = tuple(rule for rule in RULES if rule is not policy_score)


@dataclass(frozen=True)
class Assessed:
    """The findings with those about scores; the signals and scores by code, the chart's score, and whose they are."""

    findings: tuple[Finding, ...]
    signals: Mapping[str, Signals] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    score: float | None = None
    calibration: str = ""


def assess(coded: CodedChart, findings: Sequence[Finding], desk: Desk, model: str) -> Assessed:
    """Score the codes of a checked chart, and let the policy's rule about scores speak.

    A calibration that was fitted on another model says nothing of this one's codes: they have no score then.
    """
    told = signals(coded, findings, desk)
    calibration = load_calibration()
    fits = calibration.model == model
    scores = {code: score for code, one in told.items() if fits and (score := calibration.score(one)) is not None}
    facts = {"scores": scores, **_required(coded, calibration, fits, model)}
    run = coded.run.model_copy(update=facts)
    scored = CodedChart(coded.chart, coded.codes, coded.book, coded.policy, run)
    return Assessed(
        findings=ordered((*findings, *check(scored, (policy_score,), rule_failed))),
        signals=told,
        scores=scores,
        score=calibration.chart_score(chart_signals((scores[code], told[code]) for code in told if code in scores))
        if fits
        else None,
        calibration=calibration.sha256 if fits else "",
    )


def _required(coded: CodedChart, calibration: Calibration, fits: bool, model: str) -> dict[str, object]:
    """What the policy's target asks of a score, and the reason when nothing can reach it."""
    target = coded.policy.target_precision
    if target is None:
        return {}
    if not fits:
        return {"unproven": f"No calibration of model {model} is held, so no score is proven right for {target:.0%} of codes"}
    threshold = calibration.threshold(target)
    if threshold.score is None:
        more = f"{threshold.needed} more codes without an error are needed"
        return {"unproven": f"No score is proven right for {target:.0%} of codes: {more} (chartproof eval fit)"}
    return {"threshold": threshold.score}
