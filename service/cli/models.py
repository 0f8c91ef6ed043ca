"""The commands about models: is an endpoint fit for the work, and the offline model as an endpoint."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.options import Json


def doctor(
    model: Annotated[str, typer.Option(help="openai for the endpoint in the environment, or a profile.")] = "openai",
    as_json: Json = False,
) -> None:
    """Check that a model's endpoint has what chartproof needs. It is shown an invented note, never a chart."""
    from service.models import doctor as examine

    raise typer.Exit(examine(model, as_json))


def serve_model(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8765,
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
) -> None:
    """Serve the offline model to OpenAI-compatible clients on this machine, under /v1."""
    from service.model_server import serve

    serve(host, port)
