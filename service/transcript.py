"""A run's conversation as a person reads it: who said what, which tools were called and what they answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agent.provenance import Run
from records.code import Draft
from service.terminal import visible

ANSWER_CHARS = 2_000


def transcript(runs: Iterable[Run]) -> str:
    """The conversations of a chart, one for each model that was asked. It holds chart text: it is for the screen alone."""
    return "\n".join(visible(line) for run in runs for line in _run(run))


def _run(run: Run) -> Iterator[str]:
    state = run.coded.state
    yield f"== {run.model.name}{f' at {run.model.endpoint}' if run.model.endpoint else ''}"
    drafts = list(state.drafts)
    for number, message in enumerate(state.messages):
        while drafts and drafts[0][0] == number:
            yield from _draft(drafts.pop(0)[1])
        yield from _message(message)
    for _, draft in drafts:
        yield from _draft(draft)
    if state.budget_hit:
        yield f"-- the run hit its limit of {state.budget_hit}"
    if state.failure:
        yield f"-- the model failed: {state.failure}"
    yield ""


def _message(message: Mapping[str, Any]) -> Iterator[str]:
    role, content = message["role"], message.get("content")
    if role == "tool":
        yield f"   -> {_cut(str(content))}"
        return
    for number, line in enumerate(str(content or "").splitlines()):
        yield f"{'' if number else f'{role}: '}{'   ' if number else ''}{_cut(line)}"
    for call in message.get("tool_calls") or ():
        yield f"{role} calls {call['function']['name']}({_cut(call['function']['arguments'])})"


def _draft(draft: Draft) -> Iterator[str]:
    yield f"assistant hands in {len(draft.codes)} code(s):"
    for code in draft.codes:
        cited = "; ".join(f"{one.document}{f':{one.line}' if one.line else ''} {json.dumps(one.quote)}" for one in code.evidence)
        yield f"   {code.code} {code.role}  {cited}"
    for considered in draft.considered:
        yield f"   not {considered.code}: {considered.reason}"


def _cut(text: str) -> str:
    return text if len(text) <= ANSWER_CHARS else f"{text[:ANSWER_CHARS]} ... ({len(text)} characters)"
