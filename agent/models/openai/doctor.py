"""The doctor: does an endpoint have what chartproof needs? It is shown an invented note, never a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import httpx2

from agent.budget import Limits
from agent.instructions import system_prompt
from agent.loop import Coded, run
from agent.model import ModelFailure
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from codebook.book import CodeBook
from records.chart import Chart, Document
from records.encounter import Encounter

NOTE = "ASSESSMENT:\nType 2 diabetes without complication.\n"
NOTE_DATE = date(2026, 6, 15)
EXPECTED = "E11"
LIMITS = Limits(turns=12, tool_calls=60)

State = Literal["ok", "missing", "note"]


@dataclass(frozen=True)
class Examined:
    """One thing chartproof needs (``missing`` when the endpoint lacks it), or would like to have (``note``)."""

    name: str
    state: State
    says: str = ""


def examine(endpoint: Endpoint, book: CodeBook, inner: httpx2.BaseTransport | None = None) -> Iterator[Examined]:
    """Examine an endpoint, the cheapest first; what cannot be known because something before it is missing is left out."""
    model = OpenAIModel(endpoint.model_copy(update={"attempts": 1}), inner)
    try:
        answers = _answers(model)
        yield answers
        if answers.state == "ok":
            yield from _coding(model, book)
    finally:
        model.close()


def _answers(model: OpenAIModel) -> Examined:
    try:
        reply = model.turn([{"role": "user", "content": "Say the word ready."}], [])
    except ModelFailure as failure:
        return Examined("answers", "missing", failure.reason)
    return Examined("answers", "ok" if reply.content else "missing", f"{model.name} at {model.endpoint}")


def _coding(model: OpenAIModel, book: CodeBook) -> Iterator[Examined]:
    encounter = Encounter(patient_class="outpatient", service_date=NOTE_DATE)
    note = Document(id="note", kind="office_visit_note", author_role="physician", text=NOTE)
    chart = Chart(encounter=encounter, documents=(note,))
    coded = run(chart, model, book, system_prompt(chart).text, lambda codes, state: (), lambda findings: "", LIMITS)
    yield from _tools(coded)
    yield from _form(coded)
    tokens = coded.state.tokens
    yield _liked("reports usage", tokens.prompt > 0, "tokens and cost will be 0")
    yield _liked("caches prompts", tokens.cached > 0, "no cached tokens were reported")


def _tools(coded: Coded) -> Iterator[Examined]:
    calls = coded.state.calls
    if not calls:
        yield Examined("calls tools", "missing", coded.state.failure or "the model answered in words alone")
        return
    good = sum(call.ok for call in calls)
    yield Examined("calls tools", "ok" if good else "missing", f"{good} of {len(calls)} calls were of the form")
    turns = [message for message in coded.state.messages if message.get("tool_calls")]
    parallel = any(len(message["tool_calls"]) > 1 for message in turns)
    yield _liked("calls tools in parallel", parallel, "one call a turn: more turns a chart")
    yield _liked("reads the note to its end", not coded.state.desk.unread(), "an unread document sends a chart to a person")


def _form(coded: Coded) -> Iterator[Examined]:
    state = coded.state
    if state.failure or state.malformed:
        yield Examined("hands in the form", "missing", state.failure or "the draft was not of the form")
        return
    yield Examined("hands in the form", "ok", f"{len(coded.codes)} code(s)")
    right = any(code.code.startswith(EXPECTED) and code.evidence for code in coded.codes)
    yield _liked("codes the invented note", right, "not as expected, or without its words")


def _liked(name: str, there: bool, otherwise: str) -> Examined:
    """Something chartproof can do without, with what follows from that."""
    return Examined(name, "ok") if there else Examined(name, "note", otherwise)
