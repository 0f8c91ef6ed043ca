"""The worksheet: which codes the conversation has read, so that the model is asked for a decision on each."""

from __future__ import annotations

import json
from collections.abc import Iterable

from agent.messages import Message


def codes_read(messages: Iterable[Message]) -> tuple[str, ...]:
    """The codes that ``read_code`` has shown, in their order, each with its description: words of the book alone."""
    asked: set[str] = set()
    shown: dict[str, None] = {}
    for message in messages:
        for call in message.get("tool_calls") or ():
            if call["function"]["name"] == "read_code":
                asked.add(call["id"])
        if message["role"] == "tool" and message["tool_call_id"] in asked:
            answer = json.loads(message["content"])
            if "error" not in answer:
                shown[f"{answer['code']} {answer['description']}"] = None
    return tuple(shown)
