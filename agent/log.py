"""The log for machines: one JSON object a line, off until the operator names a place for it. No chart text can reach it.

Every event and every field is listed in ``log_fields.py``, each field with the one form its value must have. What is not
listed, or not of its form, is left out, and the line says how many were (``left_out``): a mistake costs a value, never a secret.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from opentelemetry import trace

from agent.log_fields import EVENTS, EVERYWHERE, FIELDS, Refused
from guardrails.rule import Rule

SETTING = "CHARTPROOF_LOG"
STDERR = "stderr"
UNLISTED = "unlisted"

_logger: Any = None
_opened: TextIO | None = None


class LogError(Exception):
    """The log cannot be opened. One line."""


def open_log(environment: Mapping[str, str]) -> None:
    """Log from now on to what ``CHARTPROOF_LOG`` names: ``stderr``, or a file that only its owner may read; else not at all."""
    global _opened
    close_log()
    place = environment.get(SETTING, "").strip()
    if place and place != STDERR:
        _opened = _file(Path(place))
    if place:
        log_to(_opened or sys.stderr)


def log_to(stream: TextIO) -> None:
    """Log to an open stream. Lines of several threads do not mix."""
    import structlog  # it takes longer to load than a log that is off is worth

    global _logger
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _listed,
        _traced,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.JSONRenderer(),
    ]
    _logger = structlog.wrap_logger(structlog.WriteLogger(stream), processors, wrapper_class=structlog.BoundLogger)


def close_log() -> None:
    """Log nothing from now on."""
    global _logger, _opened
    if _opened is not None:
        _opened.close()
    _logger = _opened = None


def tell(event: str, **fields: Any) -> None:
    """Log one event. A log that cannot be written is told once on stderr and is off then: a chart is not lost for its log."""
    if _logger is None:
        return
    try:
        _logger.info(event, **fields)
    except (OSError, ValueError) as error:
        close_log()
        print(f"chartproof: the log cannot be written ({type(error).__name__}); nothing more is logged", file=sys.stderr)


@contextmanager
def timed(event: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """Log an event when it ends, with the seconds it took, what was added to the given fields, and the type of what it raised."""
    began = time.monotonic()
    added: dict[str, Any] = {}
    try:
        yield added
    except BaseException as error:
        added["error"] = type(error)
        raise
    finally:
        tell(event, **{**fields, **added, "seconds": time.monotonic() - began})


def about(**fields: Any) -> AbstractContextManager[None]:
    """Give these fields to every line that this thread logs meanwhile."""
    if _logger is None:
        return nullcontext()
    from structlog.contextvars import bound_contextvars

    return bound_contextvars(**fields)


def rule_failed(rule: Rule, error: Exception) -> None:
    """Log that a rule raised."""
    tell("rule_failed", rule=rule, error=type(error))


def _file(path: Path) -> TextIO:
    if path.name == str(path):  # CHARTPROOF_LOG=json, or =1, names no file anybody wants
        raise LogError(f"{SETTING} is {STDERR}, or a file with its folder")
    try:
        return open(path, "a", encoding="utf-8", opener=_private)
    except OSError as error:
        raise LogError(f"{SETTING}: {path}: {error.strerror}") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _listed(_: Any, __: str, given: MutableMapping[str, Any]) -> dict[str, Any]:
    """The line with what is listed of it, and nothing else."""
    event = given.pop("event", None)
    is_listed = isinstance(event, str) and event in EVENTS
    fields = (*EVERYWHERE, *(EVENTS[event] if is_listed else ()))
    line: dict[str, Any] = {"event": event if is_listed else UNLISTED}
    left_out = 0
    for name, value in given.items():
        try:
            if name not in fields:
                raise Refused
            if value is not None:
                line[name] = FIELDS[name](value)
        except Refused:
            left_out += 1
    return {**line, "left_out": left_out} if left_out else line


def _traced(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The span it was logged in, where the process has set up tracing."""
    where = trace.get_current_span().get_span_context()
    if where.is_valid:
        line.update(trace_id=trace.format_trace_id(where.trace_id), span_id=trace.format_span_id(where.span_id))
    return line
