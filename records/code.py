"""Codes with their evidence: as somebody drafted them, and as they stand after grounding."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from records.base import Record
from records.chart import Span

CodeSystem = Literal["icd10cm", "icd10pcs", "hcpcs", "cpt"]
Role = Literal["principal", "first_listed", "secondary", "admitting", "reason_for_visit", "procedure"]
Poa = Literal["Y", "N", "U", "W", "exempt"]
LEADING_ROLES = frozenset({"principal", "first_listed"})


class Citation(Record):
    """What a model or a person wrote as support. Not evidence until it has been found in the chart, word for word."""

    document: str
    quote: str
    line: int | None = Field(default=None, description="1-based; without it every occurrence is looked at.")


class DraftCode(Record):
    """One code as a model or a person hands it in."""

    system: CodeSystem = "icd10cm"
    code: str
    role: Role = "secondary"
    sequence: int | None = Field(default=None, ge=1)
    poa: Poa | None = None
    modifiers: tuple[str, ...] = ()
    units: int | None = Field(default=None, ge=1)
    evidence: tuple[Citation, ...] = ()
    rationale: str = ""
    guidelines: tuple[str, ...] = ()


class Considered(Record):
    """A code that was looked at and not assigned, with the reason a coder can check."""

    code: str
    reason: str
    evidence: tuple[Citation, ...] = ()


class Draft(Record):
    """What a model hands in when it has read the chart."""

    codes: tuple[DraftCode, ...] = ()
    considered: tuple[Considered, ...] = ()


class CodeAssignment(Record):
    """A code with its role, its evidence as verbatim spans, and the citations that could not be found.

    ``sequence`` is 1-based over the whole result. ``description`` is the book's, empty when the book has no such code.
    """

    system: CodeSystem
    code: str
    description: str = ""
    role: Role
    sequence: int = Field(ge=1)
    poa: Poa | None = None
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    evidence: tuple[Span, ...] = ()
    ungrounded: tuple[Citation, ...] = ()
    rationale: str = ""
    guidelines: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        """True for the principal or first-listed diagnosis."""
        return self.role in LEADING_ROLES
