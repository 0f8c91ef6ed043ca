"""OpenTelemetry spans of a run, by the semantic conventions for generative AI. They hold no content: neither chart nor answer.

Without an SDK set up by the process they cost next to nothing and lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind

from records.result import Tokens

_TRACER = trace.get_tracer("chartproof")
AGENT = "chartproof"


@contextmanager
def run_span(model: str) -> Iterator[Span]:
    """One chart being coded."""
    attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": AGENT, "gen_ai.request.model": model}
    with _span(f"invoke_agent {AGENT}", SpanKind.INTERNAL, attributes) as span:
        yield span


@contextmanager
def chat_span(model: str, endpoint: str) -> Iterator[Span]:
    """One turn or one draft asked of the model."""
    attributes: dict[str, str | int] = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
    place = urlsplit(endpoint)
    if place.hostname:
        attributes |= {"server.address": place.hostname, "gen_ai.provider.name": "openai"}
        if place.port:
            attributes["server.port"] = place.port
    with _span(f"chat {model}", SpanKind.CLIENT if place.hostname else SpanKind.INTERNAL, attributes) as span:
        yield span


@contextmanager
def tool_span(name: str) -> Iterator[Span]:
    """One tool call."""
    attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name}
    with _span(f"execute_tool {name}", SpanKind.INTERNAL, attributes) as span:
        yield span


def spent(span: Span, tokens: Tokens, finish_reason: str = "") -> None:
    """What a turn cost and how it ended, on its span."""
    span.set_attribute("gen_ai.usage.input_tokens", tokens.prompt)
    span.set_attribute("gen_ai.usage.output_tokens", tokens.completion)
    if finish_reason:
        span.set_attribute("gen_ai.response.finish_reasons", [finish_reason])


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
