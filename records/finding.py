"""What a rule says, and where the coding goes because of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from records.base import Record
from records.chart import Span

Severity = Literal["note", "review", "block"]
SEVERITIES: tuple[Severity, ...] = ("note", "review", "block")


class Finding(Record):
    """One audit finding of a rule: what is wrong, with which codes, where in the chart, by which official source.

    ``message`` is for a coder and never holds chart text; ``spans`` point at it. A finding about a code names it.
    """

    rule_id: str
    severity: Severity
    message: str
    codes: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    source: str = Field(description="Publication and section.")


class Disposition(StrEnum):
    """Where the coding goes. Never the patient's discharge disposition."""

    FINAL_CODED = "final_coded"
    CODER_REVIEW = "coder_review"
    PENDING_QUERY = "pending_query"
    HELD = "held"
