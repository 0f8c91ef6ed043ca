"""Spans by the semantic conventions for generative AI: what was asked, what it cost, how it ended, and never what was said."""

from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agent import spans
from agent.coding import code_chart
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from guardrails.policy import load_policy
from tests.agent.scripted import DRAFT, ScriptedServer, call, chart, completion, hands_in

MARKER = "zebrawort"
TEXT = f"HPI: {MARKER}.\nType 2 diabetes without complication.\n"
USAGE = {"prompt_tokens": 9, "completion_tokens": 2}


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(spans, "_TRACER", provider.get_tracer("test"))
    return exporter


def run(*answers: Any) -> None:
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", attempts=1)
    code_chart(f"enc-{MARKER}", chart(TEXT), OpenAIModel(endpoint, ScriptedServer(*answers)), load_policy("straight_through"))


def told(spans_: tuple[ReadableSpan, ...]) -> str:
    return "".join(span.to_json() for span in spans_)


def test_a_run_its_turns_and_its_tools_are_spans(exported: InMemorySpanExporter) -> None:
    asked = [call("read_chart", {"document": "note"}), call(f"send_{MARKER}", {"x": MARKER}, "b")]
    run(completion(calls=asked, finish="tool_calls", usage=USAGE), completion(MARKER, usage=USAGE), hands_in(DRAFT, usage=USAGE))
    found = exported.get_finished_spans()
    assert [span.name for span in found] == [
        "chat m", "execute_tool read_chart", "execute_tool unknown", "chat m", "chat m", "invoke_agent chartproof"
    ]  # fmt: skip
    first, parent = found[0], found[-1]
    assert first.attributes is not None
    assert dict(first.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m",
        "gen_ai.provider.name": "openai",
        "server.address": "127.0.0.1",
        "server.port": 9,
        "gen_ai.usage.input_tokens": 9,
        "gen_ai.usage.output_tokens": 2,
        "gen_ai.response.finish_reasons": ("tool_calls",),
    }
    assert parent.context is not None
    assert {span.parent.span_id for span in found[:-1] if span.parent} == {parent.context.span_id}
    assert MARKER not in told(found)


def test_a_failure_is_told_by_its_type_alone(exported: InMemorySpanExporter) -> None:
    run(httpx2.ConnectError(MARKER))
    found = exported.get_finished_spans()
    chat = next(span for span in found if span.name == "chat m")
    assert chat.attributes is not None
    assert chat.attributes["error.type"] == "ModelFailure"
    assert MARKER not in told(found)
    assert not any(span.events for span in found)
