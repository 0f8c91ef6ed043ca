"""The moments of a run, each an OpenTelemetry span by the semantic conventions for generative AI and a line of the log.

They hold no content: neither chart nor answer. Without an SDK set up by the process the spans cost next to nothing and
lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind

from agent.log import about, timed
from agent.model import Model
from records.result import Tokens

_TRACER = trace.get_tracer("chartproof")
AGENT = "chartproof"


@dataclass(frozen=True)
class Asked:
    """A model that is being asked."""

    span: Span
    line: dict[str, Any]

    def spent(self, tokens: Tokens, finish_reason: str = "") -> None:
        """Say what the answer cost and how it ended."""
        self.span.set_attribute("gen_ai.usage.input_tokens", tokens.prompt)
        self.span.set_attribute("gen_ai.usage.output_tokens", tokens.completion)
        self.line.update(spent_on(tokens))
        if finish_reason:
            self.span.set_attribute("gen_ai.response.finish_reasons", [finish_reason])
            self.line["finish_reason"] = finish_reason


def spent_on(tokens: Tokens) -> dict[str, int]:
    """The tokens as the log names them."""
    return {"prompt_tokens": tokens.prompt, "cached_tokens": tokens.cached, "completion_tokens": tokens.completion}


@contextmanager
def run_span(model: Model) -> Iterator[Span]:
    """One chart being coded."""
    attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": AGENT, "gen_ai.request.model": model.name}
    with _span(f"invoke_agent {AGENT}", SpanKind.INTERNAL, attributes) as span:
        yield span


@contextmanager
def chat_span(model: Model) -> Iterator[Asked]:
    """One turn or one draft asked of the model; what is logged meanwhile names the model and its endpoint."""
    attributes: dict[str, str | int] = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model.name}
    place = urlsplit(model.endpoint)
    if place.hostname:
        attributes |= {"server.address": place.hostname, "gen_ai.provider.name": "openai"}
        if place.port:
            attributes["server.port"] = place.port
    kind = SpanKind.CLIENT if place.hostname else SpanKind.INTERNAL
    with _span(f"chat {model.name}", kind, attributes) as span, about(model=model, endpoint=model), timed("model_called") as line:
        yield Asked(span, line)


@contextmanager
def tool_span(name: str) -> Iterator[dict[str, Any]]:
    """One tool call; what is known of its answer is for the log."""
    attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name}
    with _span(f"execute_tool {name}", SpanKind.INTERNAL, attributes), timed("tool_called", tool=name) as line:
        yield line


@contextmanager
def _span(name: str, kind: SpanKind, attributes: dict[str, str] | dict[str, str | int]) -> Iterator[Span]:
    # An exception's words may be a chart's: the span says its type alone.
    with _TRACER.start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.StatusCode.ERROR)
            raise
