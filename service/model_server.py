"""The offline model as an OpenAI-compatible server: chat completions with tools under ``/v1``, for trying a client against.

It keeps nothing, writes no log, and answers on a loopback address only: nobody signs in here, and nothing is encrypted.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from datetime import date
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from agent.model import Model, ModelFailure
from agent.models.offline import OfflineModel
from records.chart import Chart, Document
from records.encounter import Encounter
from records.gate import is_loopback
from records.result import Tokens
from service.conversation import ConversationFault, read_conversation
from service.inputs import UsageFault

MODEL = "chartproof-offline"
BODY_BYTES = 32_000_000
CHARS_PER_TOKEN = 4
FOREIGN = (
    "This is chartproof's offline model. It is not a language model: it codes a chart through chartproof's own tools,"
    " which this request does not offer."
)
# A served model has no chart of its own: all it knows is the conversation.
NO_CHART = Chart(
    encounter=Encounter(patient_class="outpatient", service_date=date(2026, 4, 1)), documents=(Document(id="none", text=""),)
)


class RequestFault(Exception):
    """A request that cannot be answered: its HTTP status, and one line that repeats nothing of it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def application(model: Model | None = None) -> FastAPI:
    """The server around a model, the offline one unless another is given."""
    served = model or OfflineModel()
    app = FastAPI(title="chartproof offline model", docs_url=None, redoc_url=None, openapi_url=None)

    @app.exception_handler(RequestFault)
    async def fault(_: Request, error: RequestFault) -> JSONResponse:
        body = {"error": {"message": error.reason, "type": "invalid_request_error", "param": None, "code": None}}
        return JSONResponse(body, error.status)

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_card()]}

    @app.get("/v1/models/{name}")
    async def card(name: str) -> dict[str, Any]:
        if name != MODEL:
            raise RequestFault(404, f"there is no such model; the model here is {MODEL}")
        return _card()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> dict[str, Any]:
        body = await _body(request)
        return await run_in_threadpool(answer, served, body)

    return app


def answer(model: Model, body: Mapping[str, Any]) -> dict[str, Any]:
    """The completion for one request body. Raises RequestFault when the body cannot be answered."""
    if body.get("stream"):
        raise RequestFault(400, "streaming is not offered here; send the request without stream")
    if body.get("model") != MODEL:
        raise RequestFault(404, f"there is no such model; the model here is {MODEL}")
    try:
        conversation = read_conversation(body)
        message = _message(model, conversation.messages, body, conversation.forced) if conversation.is_ours else _said(FOREIGN)
    except ConversationFault as error:
        raise RequestFault(400, str(error)) from None
    except ModelFailure as failure:
        message = _said(f"Nothing can be handed in: {failure.reason}.")
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    return {
        "id": "chatcmpl-offline",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": _usage(body, message),
    }


def _message(model: Model, messages: list[dict[str, Any]], body: Mapping[str, Any], forced: str) -> dict[str, Any]:
    try:
        if not forced:
            return model.turn(messages, list(body.get("tools") or ())).as_message()
        draft = model.draft(messages, NO_CHART).draft
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise RequestFault(400, "the conversation is not one that chartproof's tools have answered in") from None
    function = {"name": forced, "arguments": draft.model_dump_json(exclude_defaults=True)}
    return {**_said(None), "tool_calls": [{"id": "call-draft", "type": "function", "function": function}]}


def _said(words: str | None) -> dict[str, Any]:
    return {"role": "assistant", "content": words}


def _usage(body: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """Tokens as a language model might count them: there is no tokenizer here, so four characters are one."""
    sent = len(json.dumps([body.get("messages"), body.get("tools")], ensure_ascii=False))
    tokens = Tokens(prompt=sent // CHARS_PER_TOKEN, completion=len(json.dumps(message, ensure_ascii=False)) // CHARS_PER_TOKEN)
    return {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "total_tokens": tokens.prompt + tokens.completion,
        "prompt_tokens_details": {"cached_tokens": tokens.cached},
    }


def _card() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "chartproof"}


async def _body(request: Request) -> dict[str, Any]:
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > BODY_BYTES:
            raise RequestFault(413, f"the request is larger than {BODY_BYTES} bytes")
    try:
        parsed = json.loads(received.decode("utf-8"))
    except (ValueError, RecursionError):
        raise RequestFault(400, "the request is no JSON") from None
    if not isinstance(parsed, dict):
        raise RequestFault(400, "the request is no JSON object")
    return parsed


def serve(host: str, port: int) -> None:
    """Serve the offline model until interrupted. Raises UsageFault for an address that is not loopback or is taken."""
    if not is_loopback(host):
        raise UsageFault(f"serve-model: {host} is not a loopback address; put a server with TLS and sign-in before it")
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageFault(f"serve-model: {host} port {port} cannot be opened: {error.strerror}") from None
    with listening:
        shown = f"[{host}]" if ":" in host else host
        print(f"Serving {MODEL} at http://{shown}:{listening.getsockname()[1]}/v1 (Ctrl-C stops)", flush=True)
        uvicorn.Server(uvicorn.Config(application(), log_level="error", access_log=False)).run(sockets=[listening])
