"""A CDI query: a question to the provider that rests on what the chart already says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from records.base import Record
from records.chart import Span

QueryKind = Literal["multiple_choice", "yes_no", "open"]
QueryReason = Literal[
    "specificity",
    "conflict",
    "clinical_indicators",
    "clinical_validation",
    "cause_effect",
    "poa",
    "ancillary_diagnosis",
    "incomplete",
    "no_codable_reason",
]
QueryStatus = Literal["draft", "sent", "answered", "withdrawn", "expired"]
HOLDING_REASONS = frozenset({"conflict", "no_codable_reason"})


class Query(Record):
    """A drafted or sent query.

    It holds the claim only for a conflict or when nothing codable is left; wanting more detail does not, because the
    supported unspecified code stands (Official Guidelines I.B.18).
    """

    reason: QueryReason
    title: str
    kind: QueryKind
    question: str
    options: tuple[str, ...] = ()
    clinical_indicators: tuple[Span, ...] = Field(min_length=1)
    status: QueryStatus = "draft"
    answer: str | None = None

    @property
    def holds_claim(self) -> bool:
        """Whether the claim waits for the answer."""
        return self.reason in HOLDING_REASONS and self.status in ("draft", "sent")
