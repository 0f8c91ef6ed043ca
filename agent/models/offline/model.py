"""The embedded default model: deterministic, no key, no network. It speaks the same protocol as any other model."""

from __future__ import annotations

import json
from typing import Any

from agent.messages import Message, Reply, ToolCall
from agent.model import HandIn, ModelFailure
from agent.models.offline.decide import decide
from agent.models.offline.observations import observe
from records.chart import Chart
from records.result import Tokens

NAME = "offline/1"


class OfflineModel:
    """Takes each turn by ``decide`` over the conversation alone: it has no other way to the chart, the books or the rules."""

    name = NAME
    endpoint = ""

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        """The next tool calls, or a reply without any when there is nothing left to look up."""
        action = decide(observe(messages))
        turn = sum(message["role"] == "assistant" for message in messages)
        calls = tuple(
            ToolCall(id=f"call-{turn}-{number}", name=name, arguments=json.dumps(arguments))
            for number, (name, arguments) in enumerate(action.calls)
        )
        return Reply(content=None if calls else "Done.", tool_calls=calls, finish_reason="tool_calls" if calls else "stop")

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        """The draft that the observations lead to."""
        action = decide(observe(messages))
        if action.draft is None:
            raise ModelFailure("the run ended before the chart and the codes were read")
        return HandIn(action.draft, Tokens())
