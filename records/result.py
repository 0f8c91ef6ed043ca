"""The result of coding one chart, with everything needed to run it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from records.base import Record
from records.code import CodeAssignment, Considered
from records.finding import Disposition, Finding
from records.query import Query


class ToolCallRecord(Record):
    """One tool call of a run: its name, its arguments, and the hash and size in characters of its answer."""

    name: str
    arguments: dict[str, Any]
    ok: bool
    answer_sha256: str
    answer_chars: int


class Tokens(Record):
    """Tokens as the endpoint reported them; zero for a model that uses none."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0


class Cost(Record):
    """What tokens cost, by the operator's own price table."""

    amount: float
    currency: str


class Fallback(Record):
    """A model that was asked first and failed: why, and what that cost. The chart was then begun anew with the next one."""

    model: str
    endpoint: str
    reason: str
    tokens: Tokens
    cost: Cost | None
    seconds: float


class Provenance(Record):
    """What produced the result: enough to run it again and get the same.

    ``seconds`` is the whole run, ``model_seconds`` the part of it spent waiting for the model. ``cost`` is None when no price is
    known. ``fallbacks`` are the other models of the chain, which failed on this chart; what they cost is told with them.
    ``masked``: the model saw the chart without identifiers and with shifted dates.
    """

    model: str
    endpoint: str = ""
    prompt: str = ""
    prompt_sha256: str = ""
    releases: tuple[str, ...] = ()
    rules_sha256: str = ""
    policy: str = ""
    policy_sha256: str = ""
    chart_sha256: str = ""
    calibration_sha256: str = ""
    tool_calls: tuple[ToolCallRecord, ...] = ()
    turns: int = 0
    corrections: int = 0
    tokens: Tokens = Tokens()
    cost: Cost | None = None
    seconds: float = 0.0
    model_seconds: float = 0.0
    fallbacks: tuple[Fallback, ...] = ()
    masked: bool = False


class CodingResult(Record):
    """Codes, what was considered and not coded, findings, queries, the disposition, and the provenance.

    ``error`` is set when the chart could not be coded; the disposition is then ``held``. ``scores`` are calibrated scores by
    code, ``score`` that of the whole chart (how often such charts are right to the last code), and ``signals`` what they rest on.
    """

    id: str
    codes: tuple[CodeAssignment, ...] = ()
    considered: tuple[Considered, ...] = ()
    findings: tuple[Finding, ...] = ()
    queries: tuple[Query, ...] = ()
    disposition: Disposition
    reasons: tuple[str, ...] = ()
    scores: Mapping[str, float] = Field(default_factory=dict)
    score: float | None = None
    signals: Mapping[str, Mapping[str, float]] = Field(default_factory=dict)
    provenance: Provenance | None = None
    error: str | None = None
