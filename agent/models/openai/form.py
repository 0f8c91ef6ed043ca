"""The form: the typed draft, filled through instructor in tool mode and asked for again when it is not of the form."""

from __future__ import annotations

import json
from typing import Any

import instructor
from instructor.core import InstructorRetryException
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from agent.messages import Message
from agent.model import HandIn, ModelFailure
from agent.models.openai.answer import Answer
from agent.models.openai.checked import checked_form
from agent.models.openai.silence import silence
from agent.models.openai.transport import Transport
from agent.models.openai.turn import refuse_unusable
from agent.models.openai.worksheet import codes_read
from prompts.library import render
from records.chart import Chart
from records.code import Draft
from records.draft import DraftError, read_draft
from records.result import Tokens


def fill_draft(transport: Transport, messages: list[Message], chart: Chart, deadline: float) -> HandIn:
    """Ask for the draft of this chart. What is not of the form after the last attempt is read entry by entry: nothing is lost.

    Raises ModelFailure when no attempt held a list of codes.
    """
    return _Filling(transport, deadline).fill(messages, checked_form(chart))


class _Filling:
    """One draft being asked for: every answer it took, so that what they cost and what they held is known at the end."""

    def __init__(self, transport: Transport, deadline: float) -> None:
        self.transport, self.deadline = transport, deadline
        self.conversation: list[Message] = []
        self.answers: list[Answer] = []
        self.failure: ModelFailure | None = None

    @property
    def tokens(self) -> Tokens:
        return Tokens(
            prompt=sum(answer.tokens.prompt for answer in self.answers),
            cached=sum(answer.tokens.cached for answer in self.answers),
            completion=sum(answer.tokens.completion for answer in self.answers),
        )

    def fill(self, messages: list[Message], form: type[Draft]) -> HandIn:
        create = instructor.patch(create=self._create, mode=instructor.Mode.TOOLS)
        silence()  # instructor's modules load late, each with a logger of its own
        self.conversation = [*messages, {"role": "user", "content": render("hand_in", codes=codes_read(messages)).text}]
        try:
            # No context is given: instructor would render the messages, chart and all, as templates.
            draft = create(
                response_model=form,
                messages=list(self.conversation),
                max_retries=self.transport.endpoint.form_attempts - 1,
                strict=False,
            )
            return HandIn(Draft.model_validate(draft.model_dump()), self.tokens)
        except InstructorRetryException:
            pass  # its message and its attributes hold the conversation; what counts is in ``answers`` and ``failure``
        if self.failure:
            unmended = self._unmended()
            if unmended is None:
                raise ModelFailure(self.failure.reason, self.tokens)
            return HandIn(unmended, self.tokens, ("the draft was not mended",))
        return self._salvaged()

    def _create(self, **request: Any) -> ChatCompletion:
        """What instructor calls for each attempt, in place of the client's own method.

        The conversation goes out as the turns sent it: instructor rewrites it (a null content becomes an empty list, which
        servers refuse), so only what it added behind, its words on form errors, is taken from it.
        """
        added = request["messages"][len(self.conversation) :]
        try:
            answer = self.transport.ask({**request, "messages": [*self.conversation, *added]}, self.deadline)
            self.answers.append(answer)
            refuse_unusable(answer)
        except ModelFailure as failure:
            self.failure = failure
            raise
        return _completion(answer)

    def _unmended(self) -> Draft | None:
        """A draft that only quotes wrongly: handed in before a failure, it stands, and is blocked."""
        for answer in reversed(self.answers):
            for call in answer.tool_calls:
                try:
                    return Draft.model_validate_json(call.arguments)
                except ValidationError:
                    continue
        return None

    def _salvaged(self) -> HandIn:
        for answer in reversed(self.answers):
            # A server that does not heed which function must be called may have let the model write the draft as words.
            for written in (*(call.arguments for call in answer.tool_calls), answer.content or ""):
                try:
                    reading = read_draft(json.loads(written))
                except (DraftError, ValueError, RecursionError):
                    continue
                return HandIn(reading.draft, self.tokens, reading.malformed or ("the draft is not of the form",))
        raise ModelFailure("the model handed in no draft that could be read", self.tokens)


def _completion(answer: Answer) -> ChatCompletion:
    """The answer as the client library's type, which is what instructor reads."""
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in answer.tool_calls
    ]
    message = {"role": "assistant", "content": answer.content, "tool_calls": calls or None}
    return ChatCompletion.model_validate(
        {
            "id": "",
            "object": "chat.completion",
            "created": 0,
            "model": "",
            "choices": [{"index": 0, "finish_reason": "tool_calls" if calls else "stop", "message": message}],
        }
    )
