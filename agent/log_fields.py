"""What the log may say: every event with its fields, and the one form each field's value has.

No field takes words. A name is read off the thing that bears it (a model, a rule, a book, a type of error) or comes from a
closed list; all else are numbers, flags and the hash of a chart. Dates are identifiers too, and no field takes one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from agent.model import Model
from agent.models.openai.answer import FINISH_REASONS
from codebook.book import CodeBook
from guardrails.rule import Rule
from tools import TOOLS

UNKNOWN = "unknown"
DIGITS = 4

Plain = str | int | float | bool
Form = Callable[[Any], Plain]


class Refused(Exception):
    """A value that is not of its field's form. It says nothing of the value."""


def _number(value: Any) -> Plain:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise Refused
    return round(value, DIGITS) if isinstance(value, float) else value


def _flag(value: Any) -> Plain:
    if not isinstance(value, bool):
        raise Refused
    return value


def _hash(value: Any) -> Plain:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise Refused
    return value


def _error(value: Any) -> Plain:
    if not isinstance(value, type) or not issubclass(value, BaseException):
        raise Refused
    return value.__name__


def _member(value: Any) -> Plain:
    if not isinstance(value, StrEnum):
        raise Refused
    return value.value


def _one_of(words: frozenset[str]) -> Form:
    def form(value: Any) -> Plain:
        if not isinstance(value, str) or value not in words:
            raise Refused
        return value

    return form


def _of(kind: Any, name: Callable[[Any], str]) -> Form:
    def form(value: Any) -> Plain:
        if not isinstance(value, kind):
            raise Refused
        return name(value)

    return form


FIELDS: Mapping[str, Form] = {
    "chart": _hash,
    "model": _of(Model, lambda model: model.name),
    "endpoint": _of(Model, lambda model: model.endpoint),
    "next_model": _of(Model, lambda model: model.name),
    "release": _of(CodeBook, lambda book: book.release.id),
    "rule": _of(Rule, lambda rule: rule.id),
    "tool": _one_of(frozenset((*TOOLS, UNKNOWN))),
    "finish_reason": _one_of(frozenset((*FINISH_REASONS, UNKNOWN))),
    "disposition": _member,
    "fault": _member,
    "error": _error,
    "in_force": _flag,
    "masked": _flag,
    "ok": _flag,
    **dict.fromkeys(
        (
            "answer_chars", "attempt", "blocks", "cached_tokens", "codes", "completion_tokens", "corrections", "cost",
            "documents", "fallbacks", "model_seconds", "notes", "prompt_tokens", "queries", "reviews", "seconds", "status",
            "tool_calls", "turns", "wait",
        ),
        _number,
    ),
}  # fmt: skip

# ``chart`` is the hash of the chart in the result's provenance.
EVERYWHERE = ("chart",)

_TOKENS = ("prompt_tokens", "cached_tokens", "completion_tokens")
_FINDINGS = ("blocks", "reviews", "notes")
_ASKED = ("model", "endpoint")

EVENTS: Mapping[str, tuple[str, ...]] = {
    "chart_started": ("model", "documents"),
    "book_opened": ("release", "in_force"),
    "model_called": (*_ASKED, *_TOKENS, "finish_reason", "seconds", "error"),
    "tool_called": ("tool", "ok", "answer_chars", "seconds", "error"),
    "request_failed": (*_ASKED, "fault", "status", "seconds"),
    "request_retried": (*_ASKED, "attempt", "wait"),
    "limiter_waited": (*_ASKED, "wait"),
    "breaker_opened": _ASKED,
    "fallback_taken": ("model", "next_model"),
    "rule_failed": ("rule", "error"),
    "chart_failed": ("error",),
    "chart_ended": (
        "disposition", "codes", "queries", *_FINDINGS, "turns", "corrections", "tool_calls", *_TOKENS, "cost", "masked",
        "fallbacks", "model_seconds", "seconds", "error",
    ),
    "chart_unread": (),
    "draft_checked": ("disposition", *_FINDINGS, "seconds", "error"),
}  # fmt: skip
