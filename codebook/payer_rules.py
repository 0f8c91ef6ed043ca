"""What a rule about coverage is, whoever wrote it, and the operator's own file of them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from codebook import reference
from records.base import Record

EVERY_PAYER = "*"
Kind = Literal["ncd", "lcd", "article", "medical_necessity", "policy"]
Role = Literal["procedure", "covered", "not_covered"]


class CoverageRule(Record):
    """One rule, in force from ``start`` to ``end`` (both included; no end is open), with who says so (``source``).

    ``procedures`` are the codes it is about.
    """

    id: str = Field(min_length=1)
    kind: Kind
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    start: date
    end: date | None = None
    procedures: tuple[str, ...] = ()
    note: str = ""


class PayerRule(CoverageRule):
    """One rule as the operator wrote it.

    ``covered`` and ``not_covered`` are the diagnoses that support its procedures or do not, as references (E11, E08-E13). A
    rule without procedures is about the diagnoses themselves.
    """

    payers: tuple[str, ...] = Field(min_length=1)
    covered: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> PayerRule:
        if self.end is not None and self.end < self.start:
            raise ValueError("the rule ends before it starts")
        if not (self.procedures or self.covered or self.not_covered):
            raise ValueError("the rule names no code")
        return self

    def is_for(self, payer: str, on: date) -> bool:
        """Whether the rule is this payer's and in force on the date."""
        return is_named(payer, self.payers) and self.start <= on and (not self.end or on <= self.end)

    def role(self, code: str) -> Role | None:
        """What the code is to the rule; None when the rule does not speak of it."""
        if code.upper() in self.procedures:
            return "procedure"
        if _covers(code, self.not_covered):
            return "not_covered"
        return "covered" if _covers(code, self.covered) else None


class Contractors(Record):
    """Whose articles of the coverage export hold for a payer: the numbers of its Medicare contractors."""

    payers: tuple[str, ...] = Field(min_length=1)
    contractors: tuple[str, ...] = Field(min_length=1)


class PayerRules(Record):
    """The file: its version, as the operator names it, its rules, and which contractors' articles hold for whom."""

    version: str = Field(min_length=1)
    rule: tuple[PayerRule, ...] = ()
    coverage: tuple[Contractors, ...] = ()
    sha256: str = ""

    @model_validator(mode="after")
    def _each_once(self) -> PayerRules:
        seen: set[tuple[str, date]] = set()
        for one in self.rule:
            if (one.id, one.start) in seen:
                raise ValueError(f"the rule {one.id} is there twice from the same date")
            seen.add((one.id, one.start))
        return self

    def contractors(self, payer: str) -> tuple[str, ...]:
        """The numbers of the contractors whose articles hold for a payer."""
        return tuple(dict.fromkeys(n for one in self.coverage if is_named(payer, one.payers) for n in one.contractors))


def is_named(payer: str, payers: tuple[str, ...]) -> bool:
    """Whether a list of payers names this one, in whatever case, or all."""
    named = {EVERY_PAYER, payer.strip().casefold()}
    return any(one.strip().casefold() in named for one in payers)


def _covers(code: str, references: tuple[str, ...]) -> bool:
    return any(reference.covers(one.rstrip("-").rstrip("."), code) for one in references)
