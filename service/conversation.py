"""A conversation as a client sends it, reduced to what the offline model can follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools import TOOLS

OPENING = "documents"


class ConversationFault(Exception):
    """The messages are not of the protocol's form. One line that repeats nothing of them."""


@dataclass
class Conversation:
    """Messages in order; ``forced`` names the function the client wants called, ``is_ours`` says that chartproof sent it."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    forced: str = ""
    is_ours: bool = False


def read_conversation(body: Mapping[str, Any]) -> Conversation:
    """Read the messages of a request. Raises ConversationFault when they are not of the form.

    Only the opening with the list of documents, and turns of chartproof's own tools, are kept: whatever else a client
    adds, such as words on a form error, the offline model has no ear for.
    """
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(one, dict) for one in messages):
        raise ConversationFault("messages must be a list of one message or more")
    read = Conversation(forced=_forced(body.get("tool_choice")))
    known: set[str] = set()
    for message in messages:
        role, content = message.get("role"), message.get("content")
        if role == "user" and not read.is_ours and _opens(content):
            read.is_ours = True
            read.messages.append({"role": "user", "content": content})
        elif role == "assistant" and read.is_ours:
            read.messages += _turn(message, known)
        elif role == "tool" and message.get("tool_call_id") in known and _is_json(content):
            read.messages.append({"role": "tool", "tool_call_id": message["tool_call_id"], "content": content})
    if not read.forced:
        read.is_ours = read.is_ours and _offers_our_tools(body.get("tools"))
    return read


def _turn(message: Mapping[str, Any], known: set[str]) -> list[dict[str, Any]]:
    """The turn with its calls of chartproof's tools alone; a call of the draft's form is no observation."""
    given = message.get("tool_calls") or ()
    if not isinstance(given, list | tuple):
        raise ConversationFault("tool_calls must be a list")
    calls = []
    for call in given:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(call.get("id"), str):
            raise ConversationFault("a tool call needs an id and a function")
        if function.get("name") in TOOLS and _is_json(function.get("arguments")):
            calls.append(call)
            known.add(call["id"])
    if given and not calls:
        return []
    content = message.get("content")
    return [{"role": "assistant", "content": content, **({"tool_calls": calls} if calls else {})}]


def _forced(choice: object) -> str:
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else ""


def _opens(content: object) -> bool:
    parsed = _parsed(content)
    return isinstance(parsed, dict) and isinstance(parsed.get(OPENING), list)


def _offers_our_tools(tools: object) -> bool:
    names = {
        one["function"].get("name")
        for one in (tools if isinstance(tools, list) else ())
        if isinstance(one, dict) and isinstance(one.get("function"), dict)
    }
    return bool(names.intersection(TOOLS))


def _is_json(text: object) -> bool:
    return _parsed(text) is not None


def _parsed(text: object) -> Any:
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
