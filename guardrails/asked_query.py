"""A query to a provider as somebody hands it in, before anything has been checked."""

from __future__ import annotations

import re

from pydantic import Field

from records.base import Record


class Indicator(Record):
    """A clinical indicator: the words of the record with where and when they were written."""

    document: str = ""
    quote: str
    source: str = ""
    encounter: str = ""
    justification: str = ""


class Asked(Record):
    """A query as somebody hands it in."""

    title: str = ""
    kind: str
    reason: str = ""
    question: str
    options: tuple[str, ...] = ()
    clinical_indicators: tuple[Indicator, ...] = ()
    documented_diagnoses: tuple[str, ...] = ()
    footer: str = Field(default="", description="Anything else the provider sees.")

    @property
    def reason_key(self) -> str:
        """The reason as query_lexicon.toml spells it."""
        return re.sub(r"[\s-]+", "_", self.reason.strip().lower())

    @property
    def seen(self) -> tuple[str, ...]:
        """Everything of ours that the provider reads: not the quoted record."""
        return (self.title, self.question, *self.options, self.footer, *(one.source for one in self.clinical_indicators))
