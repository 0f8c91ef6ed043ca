"""Scripted things for tests of the loop: a chart, a small book, a model that follows a script, and a server that does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

import httpx2

from agent.loop import RunState
from agent.messages import Message, Reply, ToolCall
from agent.model import HandIn, Model, ModelFailure
from codebook.book import CodeBook
from records.chart import Chart, Document
from records.code import Citation, CodeAssignment, Draft, DraftCode
from records.encounter import Encounter
from records.finding import Finding
from records.result import Tokens

NOTE = "Assessment:\nType 2 diabetes without complication.\nNo pneumonia.\n"
DRAFT = Draft(
    codes=(DraftCode(code="E11.9", role="first_listed", evidence=(Citation(document="note", quote="Type 2 diabetes", line=2),)),)
)


def chart(text: str = NOTE, encounter_id: str = "enc-1") -> Chart:
    """An office visit with one note."""
    encounter = Encounter(id=encounter_id, patient_class="outpatient", service_date=date(2026, 6, 15))
    return Chart(
        encounter=encounter, documents=(Document(id="note", kind="office_visit_note", author_role="physician", text=text),)
    )


class SmallBook:
    """A book that knows no code: the loop's own behaviour does not depend on what is in it."""

    def entry(self, code: str) -> None:
        return None

    def normalise(self, code: str) -> str | None:
        return code or None

    def search(self, terms: str, limit: int) -> list[Any]:
        return []

    class release:
        id = "small-book"


def book() -> CodeBook:
    """The small book in the place of a real one."""
    return cast(CodeBook, SmallBook())


def call(name: str, arguments: object = None, identity: str = "call_1") -> ToolCall:
    """A tool call; arguments that are text already are sent as they are."""
    return ToolCall(id=identity, name=name, arguments=arguments if isinstance(arguments, str) else json.dumps(arguments or {}))


def asks(*calls: ToolCall) -> Reply:
    """A turn that calls tools."""
    return Reply(tool_calls=calls, finish_reason="tool_calls", tokens=Tokens(prompt=10, completion=1))


DONE = Reply(content="done", finish_reason="stop", tokens=Tokens(prompt=10, completion=1))


class ScriptedModel:
    """Plays its turns in order and then says that it is done; hands in its drafts in order, the last one again and again."""

    name = "scripted"
    endpoint = ""

    def __init__(
        self, turns: Sequence[Reply | ModelFailure] = (), drafts: Sequence[Draft | HandIn | ModelFailure] = (DRAFT,)
    ) -> None:
        self.turns, self.drafts = list(turns), list(drafts)
        self.heard: list[list[Message]] = []

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        self.heard.append(list(messages))
        played = self.turns.pop(0) if self.turns else DONE
        if isinstance(played, ModelFailure):
            raise played
        return played

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        self.heard.append(list(messages))
        played = self.drafts.pop(0) if len(self.drafts) > 1 else self.drafts[0]
        if isinstance(played, ModelFailure):
            raise played
        return played if isinstance(played, HandIn) else HandIn(played, Tokens(prompt=100, cached=50, completion=10))


def no_check(codes: tuple[CodeAssignment, ...], state: RunState) -> tuple[Finding, ...]:
    """Rules that find nothing."""
    return ()


def block(message: str = "blocked") -> Finding:
    """A finding that blocks."""
    return Finding(rule_id="RN-900", severity="block", message=message, source="test")


# --- a server ---------------------------------------------------------------------------------------------------------------


def completion(
    content: object = None, calls: Sequence[ToolCall] = (), finish: object = "stop", usage: object = None, **message: object
) -> dict[str, Any]:
    """The body of a chat completion."""
    said: dict[str, Any] = {"role": "assistant", "content": content, **message}
    if calls:
        said["tool_calls"] = [
            {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}} for one in calls
        ]
    body: dict[str, Any] = {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": finish, "message": said}],
    }
    return body if usage is None else {**body, "usage": usage}


def hands_in(draft: object, **options: Any) -> dict[str, Any]:
    """The body of a completion that calls the draft's form."""
    arguments = draft.model_dump_json() if isinstance(draft, Draft) else draft
    return completion(calls=[call("Draft", arguments)], finish="tool_calls", **options)


Scripted = dict[str, Any] | bytes | httpx2.Response | Exception


class ScriptedServer(httpx2.MockTransport):
    """A server inside the process: plays its answers in order, the last one again and again, and keeps what it was sent."""

    def __init__(self, *answers: Scripted) -> None:
        super().__init__(self._handle)
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The bodies it was sent."""
        return [json.loads(request.content) for request in self.requests]

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        played = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(played, Exception):
            raise played
        if isinstance(played, httpx2.Response):
            return httpx2.Response(played.status_code, headers=played.headers, content=played.content)
        if isinstance(played, bytes):
            return httpx2.Response(200, content=played)
        return httpx2.Response(200, json=played)


def serve(model: Model, the_chart: Chart) -> httpx2.MockTransport:
    """Any model of this project as an OpenAI-compatible server: a turn, or the draft when its form is forced."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        if isinstance(body.get("tool_choice"), dict):
            handed = model.draft(body["messages"][:-1], the_chart)  # the last message asks for the draft
            return httpx2.Response(200, json=hands_in(handed[0], usage=_usage(handed[1])))
        reply = model.turn(body["messages"], body["tools"])
        finish = reply.finish_reason or "stop"
        return httpx2.Response(200, json=completion(reply.content, reply.tool_calls, finish, _usage(reply.tokens)))

    return httpx2.MockTransport(handle)


def _usage(tokens: Tokens) -> dict[str, Any]:
    return {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "prompt_tokens_details": {"cached_tokens": tokens.cached},
    }


class Clock:
    """A clock that moves only when somebody sleeps on it or moves it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


Check = Callable[[tuple[CodeAssignment, ...], RunState], tuple[Finding, ...]]
