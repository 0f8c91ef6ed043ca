"""An answer of the server, read tolerantly: servers differ in what they leave out and in how they spell the rest."""

from __future__ import annotations

import json
from typing import Any

from agent.messages import ToolCall
from records.base import Record
from records.result import Tokens

FINISH_REASONS = frozenset({"stop", "tool_calls", "function_call", "length", "content_filter"})
_MAX_TOKENS = 1_000_000_000


class UnreadableAnswer(Exception):
    """The body is not a chat completion: no JSON, no choices, or no message in them."""


class Answer(Record):
    """One chat completion: what the model said, why it ended, and what it cost.

    ``finish_reason`` is one of FINISH_REASONS, ``unknown`` for any other word, or empty when the server named none.
    """

    content: str | None = None
    refused: bool = False
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str = ""
    tokens: Tokens = Tokens()


def read_answer(body: bytes) -> Answer:
    """Read a response body. Raises UnreadableAnswer, which says nothing of what it holds."""
    try:
        parsed = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise UnreadableAnswer from None
    choices = parsed.get("choices") if isinstance(parsed, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise UnreadableAnswer
    ended = choice.get("finish_reason")
    return Answer(
        content=_text(message.get("content")),
        refused=bool(message.get("refusal")),
        tool_calls=_tool_calls(message.get("tool_calls")),
        finish_reason="" if not ended else ended if ended in list(FINISH_REASONS) else "unknown",
        tokens=_tokens(parsed.get("usage")),
    )


def _text(content: object) -> str | None:
    if isinstance(content, list):
        content = "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return _sound(content) if isinstance(content, str) else None


def _tool_calls(listed: object) -> tuple[ToolCall, ...]:
    calls: list[ToolCall] = []
    for item in listed if isinstance(listed, list) else ():
        function = item.get("function") if isinstance(item, dict) else None
        if not isinstance(function, dict):
            function = {}
        name, identity = function.get("name"), item.get("id") if isinstance(item, dict) else None
        wanted = _sound(identity) if isinstance(identity, str) and identity else ""
        # An answer is matched to its call by id alone, so each call of a turn needs its own.
        unique = wanted and all(wanted != call.id for call in calls)
        calls.append(
            ToolCall(
                id=wanted if unique else f"call_{len(calls) + 1}",
                name=_sound(name) if isinstance(name, str) else "",
                arguments=_arguments(function.get("arguments")),
            )
        )
    return tuple(calls)


def _arguments(given: object) -> str:
    """The arguments as text: some servers send them as the object itself, or not at all."""
    if given is None:
        return "{}"
    return _sound(given if isinstance(given, str) else json.dumps(given, ensure_ascii=False))


def _tokens(usage: object) -> Tokens:
    if not isinstance(usage, dict):
        return Tokens()
    details = usage.get("prompt_tokens_details")
    return Tokens(
        prompt=_count(usage.get("prompt_tokens")),
        cached=_count(details.get("cached_tokens")) if isinstance(details, dict) else 0,
        completion=_count(usage.get("completion_tokens")),
    )


def _count(value: Any) -> int:
    return value if type(value) is int and 0 <= value < _MAX_TOKENS else 0


def _sound(text: str) -> str:
    """The text with every half of a surrogate pair replaced: no encoding can carry one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
