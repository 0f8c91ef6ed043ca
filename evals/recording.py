"""Exchanges with a live model kept on cassettes, a chart a file: what was asked before is answered from there, for nothing.

So a changed guardrail, policy or scorer is measured again without asking the model again; only what differs in the conversation
is asked for, and nothing at all when replaying. Cassettes hold what was said of the chart: only their owner may read them. They
hold no key and no other header, and neither the endpoint's address nor the descriptions of the tools, which may change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from records.chart import Chart

KEPT_HEADERS = frozenset({"content-type", "retry-after"})
_ADDRESS = "http://model/"


class RecordingError(Exception):
    """Exchanges that cannot be kept or found. One line."""


def prepare(folder: Path, replay: bool) -> None:
    """Make the folder, or, when replaying, make sure that it is there."""
    if replay and not folder.is_dir():
        raise RecordingError(f"{folder}: no such folder of recorded exchanges")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(f"{folder}: cannot be made ({error.strerror or type(error).__name__})") from None


@contextmanager
def recorded(folder: Path | None, replay: bool, chart: Chart) -> Iterator[None]:
    """Everything that is asked of a model over the network meanwhile goes by the chart's cassette; no folder, no cassette."""
    if folder is None:
        yield
        return
    import vcr

    recorder = vcr.VCR(
        record_mode="none" if replay else "new_episodes",
        match_on=["method", "body"],
        before_record_request=_bare_request,
        before_record_response=_bare_response,
    )
    path = folder / f"{chart.sha256[:32]}.yaml"
    if not replay and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        path.write_text("interactions: []\nversion: 1\n", encoding="utf-8")
    with recorder.use_cassette(str(path)):
        yield


def _bare_request(request: Any) -> Any:
    """The conversation and the names of what may be called. It may be bare already."""
    try:
        body = json.loads(request.body)
    except (TypeError, ValueError):
        return None  # no conversation: it is neither kept nor answered from here
    tools = body.get("tools") or []
    names = [tool if isinstance(tool, str) else tool.get("function", {}).get("name") for tool in tools]
    kept = {"model": body.get("model"), "messages": body.get("messages"), "tools": names}
    request.body = json.dumps(kept).encode()
    request.headers = {}
    request.uri = _ADDRESS
    return request


def _bare_response(response: dict[str, Any]) -> dict[str, Any] | None:
    """An answer as it is kept. One that tells of a failure is not kept: the next run asks again."""
    if response["status"]["code"] >= 400:
        return None
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return response
