"""What a model says in one turn. Messages themselves are plain dictionaries of the chat-completions protocol."""

from __future__ import annotations

from typing import Any

from records.base import Record
from records.result import Tokens

Message = dict[str, Any]


class ToolCall(Record):
    """One tool call a model asked for. ``arguments`` is the text it wrote: nothing says yet that it is JSON."""

    id: str
    name: str
    arguments: str


class Reply(Record):
    """One turn of a model: words, tool calls or both, with the tokens it cost."""

    content: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tokens: Tokens = Tokens()
    finish_reason: str = ""

    def as_message(self) -> Message:
        """The turn as an assistant message, to be sent back with the next one."""
        # Servers accept a null content only beside tool calls.
        message: Message = {"role": "assistant", "content": self.content if self.tool_calls else self.content or ""}
        if self.tool_calls:
            message["tool_calls"] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
                for call in self.tool_calls
            ]
        return message
