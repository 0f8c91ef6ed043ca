"""Which run a result rests on, and everything needed to run it again."""

from __future__ import annotations

from dataclasses import dataclass

from agent.assessment import Assessed
from agent.loop import Coded
from agent.masking.run import is_masking
from agent.model import Model
from agent.price import cost_of
from codebook.book import CodeBook
from codebook.provenance import deciding
from guardrails.check import rules_sha256
from guardrails.policy import Policy
from prompts.library import Prompt
from records.chart import Chart
from records.result import Fallback, Provenance


@dataclass(frozen=True)
class Run:
    """One model's run over a chart, from its first turn to its end."""

    model: Model
    coded: Coded


def provenance(
    chosen: Run, failed: list[Run], prompt: Prompt, book: CodeBook, policy: Policy, chart: Chart, assessed: Assessed
) -> Provenance:
    """What produced the result of a chart: the run that was chosen, and what the runs that failed cost."""
    state = chosen.coded.state
    return Provenance(
        model=chosen.model.name,
        endpoint=chosen.model.endpoint,
        prompt=prompt.label,
        prompt_sha256=prompt.sha256,
        releases=deciding(book, state.desk.chart.encounter.code_set_date),
        rules_sha256=rules_sha256(),
        policy=f"{policy.name}/v{policy.version}",
        policy_sha256=policy.sha256,
        chart_sha256=chart.sha256,
        calibration_sha256=assessed.calibration,
        tool_calls=tuple(state.calls),
        turns=state.budget.turns,
        corrections=state.corrections,
        tokens=state.tokens,
        cost=cost_of(chosen.model, state.tokens),
        seconds=round(state.budget.seconds, 4),
        model_seconds=round(state.model_seconds, 4),
        fallbacks=tuple(_fallback(one) for one in failed),
        masked=is_masking(chosen.model),
    )


def _fallback(one: Run) -> Fallback:
    state = one.coded.state
    return Fallback(
        model=one.model.name,
        endpoint=one.model.endpoint,
        reason=state.failure,
        tokens=state.tokens,
        cost=cost_of(one.model, state.tokens),
        seconds=round(state.model_seconds, 4),
    )
