"""A turn: the conversation so far and the tools go out, words or tool calls come back."""

from __future__ import annotations

from typing import Any

from agent.messages import Message, Reply
from agent.model import ModelFailure
from agent.models.openai.answer import Answer
from agent.models.openai.transport import Transport


def take_turn(transport: Transport, messages: list[Message], tools: list[dict[str, Any]], deadline: float) -> Reply:
    """One turn of the model. Raises ModelFailure when it refused, was cut off or was filtered."""
    request: dict[str, Any] = {"messages": messages}
    if tools:
        request["tools"] = tools
    answer = transport.ask(request, deadline)
    refuse_unusable(answer)
    return Reply(
        content=answer.content,
        tool_calls=answer.tool_calls,
        tokens=answer.tokens,
        finish_reason=answer.finish_reason,
    )


def refuse_unusable(answer: Answer) -> None:
    """Raise ModelFailure for an answer that ended in a way no answer may end; any other ending is judged by what was said."""
    if answer.refused:
        raise ModelFailure("the model refused", answer.tokens)
    if answer.finish_reason == "length":
        raise ModelFailure("the model's answer was cut off at its length limit", answer.tokens)
    if answer.finish_reason == "content_filter":
        raise ModelFailure("the endpoint's content filter stopped the answer", answer.tokens)
    if answer.finish_reason == "unknown" and not answer.content and not answer.tool_calls:
        raise ModelFailure("the model's answer ended in an unknown way and is empty", answer.tokens)
