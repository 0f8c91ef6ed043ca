"""The one loop: model and tools take turns, then a typed draft is grounded, checked, corrected once, and routed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from agent.budget import Budget, Limits
from agent.grounding import assign
from agent.messages import Message, Reply, ToolCall
from agent.model import Model, ModelFailure, begin
from agent.spans import chat_span, tool_span
from codebook.book import CodeBook
from records.chart import Chart
from records.code import CodeAssignment, Considered, Draft
from records.finding import Finding
from records.query import Query
from records.result import Tokens, ToolCallRecord
from tools import TOOLS, Desk, ToolError

UNKNOWN = "unknown"

Check = Callable[[tuple[CodeAssignment, ...], "RunState"], tuple[Finding, ...]]
Correction = Callable[[tuple[Finding, ...]], str]


@dataclass
class RunState:
    """What happened in one run: the conversation, the calls, the tokens, and what went wrong on the way.

    ``drafts`` are what was handed in, each with the number of messages that stood before it.
    """

    chart: Chart
    book: CodeBook
    budget: Budget
    code_everything: bool = False
    desk: Desk = field(init=False)
    messages: list[Message] = field(default_factory=list)
    calls: list[ToolCallRecord] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    tokens: Tokens = field(default_factory=Tokens)
    model_seconds: float = 0.0
    budget_hit: str = ""
    failure: str = ""
    malformed: list[str] = field(default_factory=list)
    drafts: list[tuple[int, Draft]] = field(default_factory=list)
    corrections: int = 0

    def __post_init__(self) -> None:
        self.desk = Desk(self.chart, self.book, self.code_everything)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time spent here as time of the model."""
        began = self.budget.clock()
        try:
            yield
        finally:
            self.model_seconds += self.budget.clock() - began

    def spend(self, tokens: Tokens) -> None:
        """Add what a reply cost."""
        self.tokens = Tokens(
            prompt=self.tokens.prompt + tokens.prompt,
            cached=self.tokens.cached + tokens.cached,
            completion=self.tokens.completion + tokens.completion,
        )


@dataclass(frozen=True)
class Coded:
    """What a run hands over to routing."""

    codes: tuple[CodeAssignment, ...]
    considered: tuple[Considered, ...]
    findings: tuple[Finding, ...]
    queries: tuple[Query, ...]
    state: RunState


def run(
    chart: Chart,
    model: Model,
    book: CodeBook,
    system_prompt: str,
    check: Check,
    correction: Correction,
    limits: Limits | None = None,
    code_everything: bool = False,
) -> Coded:
    """Code one chart. Never raises for what a model does: a failure is on the state, and ``check`` turns it into findings.

    Every ending is one of these: the model handed in; it handed in and corrected once; a limit was hit (it may still hand
    in once); it failed, before or after a first draft, which then stands. All but the first two go to a person.
    """
    state = RunState(chart, book, Budget(limits or Limits()), code_everything)
    state.messages += [{"role": "system", "content": system_prompt}, _opening(chart)]
    draft = Draft()
    try:
        opened = begin(model, chart)
        _converse(state, opened)
        draft = _hand_in(state, opened)
        codes = assign(draft, chart, book)
        findings = check(codes, state)
        if any(finding.severity == "block" for finding in findings) and not state.budget_hit:
            state.corrections = 1
            state.messages.append({"role": "user", "content": correction(findings)})
            _converse(state, opened)
            if not state.budget_hit:  # a correction that was broken off corrects nothing: the first draft stands
                draft = _hand_in(state, opened)
    except ModelFailure as failure:
        state.failure = failure.reason
        state.spend(failure.tokens)
    codes = assign(draft, chart, book)
    return Coded(codes, draft.considered, check(codes, state), tuple(state.desk.queries), state)


def _opening(chart: Chart) -> Message:
    documents = [{"id": one.id, "kind": one.kind, "lines": len(one.lines)} for one in chart.documents]
    return {"role": "user", "content": json.dumps({"task": "Code this chart.", "documents": documents})}


def _hand_in(state: RunState, model: Model) -> Draft:
    with state.waiting(), chat_span(model) as asked:
        handed = model.draft(state.messages, state.chart)
        asked.spent(handed.tokens)
    state.drafts.append((len(state.messages), handed.draft))
    state.spend(handed.tokens)
    state.malformed = list(handed.malformed)
    return handed.draft


def _converse(state: RunState, model: Model) -> None:
    """Let the model call tools until it stops asking or a limit is hit."""
    schemas: list[dict[str, Any]] = [tool.schema for tool in TOOLS.values()]
    while True:
        if state.budget.exceeded:
            state.budget_hit = state.budget.exceeded
            return
        state.budget.turns += 1
        with state.waiting(), chat_span(model) as asked:
            reply = model.turn(state.messages, schemas)
            asked.spent(reply.tokens, reply.finish_reason)
        state.spend(reply.tokens)
        state.messages.append(reply.as_message())
        if not reply.tool_calls:
            return
        _answer(state, reply)


def _answer(state: RunState, reply: Reply) -> None:
    """Answer every call of a turn, also those there is no budget for: the protocol wants an answer to each."""
    for call in reply.tool_calls:
        refused = bool(state.budget.calls_exceeded)
        state.budget.tool_calls += not refused
        name = call.name if call.name in TOOLS else UNKNOWN
        with tool_span(name) as line:
            answer, ok = (_error("the run's budget is used up"), False) if refused else _call(state, call)
            line |= {"ok": ok, "answer_chars": len(answer)}
        state.messages.append({"role": "tool", "tool_call_id": call.id, "content": answer})
        state.calls.append(
            ToolCallRecord(
                # A name and arguments that are not of the form are whatever the model wrote; they are not recorded.
                name=name,
                arguments=_arguments(call.arguments) if ok else {},
                ok=ok,
                answer_sha256=hashlib.sha256(answer.encode()).hexdigest(),
                answer_chars=len(answer),
            )
        )


def _call(state: RunState, call: ToolCall) -> tuple[str, bool]:
    """Run one tool call: its answer, and whether it is one."""
    limits = state.budget.limits
    tool = TOOLS.get(call.name)
    if tool is None:
        return _error(f"there is no such tool; the tools are {', '.join(TOOLS)}"), False
    if len(call.arguments) > limits.argument_chars:
        return _error("the arguments are too long"), False
    state.seen[call.name, call.arguments] += 1
    if state.seen[call.name, call.arguments] > limits.repeats:
        return _error("this call was made before with the same arguments; its answer does not change"), False
    read = state.desk.what_is_read()
    try:
        answer = tool.call(state.desk, call.arguments)
    except ToolError as error:
        return _error(str(error)), False
    if len(answer) > limits.answer_chars:
        state.desk.go_back_to(read)  # what the model was not shown stays unread
        return _error("the answer is too long; ask for one document or one section"), False
    return answer, True


def _arguments(text: str) -> dict[str, Any]:
    parsed = json.loads(text or "{}")
    return parsed if isinstance(parsed, dict) else {}


def _error(message: str) -> str:
    return json.dumps({"error": message})
