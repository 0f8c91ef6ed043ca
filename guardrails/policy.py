"""The policy an operator signs: what may be final without a person.

Two policies ship with the product, ``supervised`` (the default) and ``straight_through``; any other is a TOML file of
the same fields. A policy that cannot be read is an error: nothing is ever routed without one.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from codebook.reference import is_reference
from records.base import Record
from records.encounter import PatientClass
from records.finding import SEVERITIES, Finding, Severity

SHIPPED = ("supervised", "straight_through")


class PolicyError(Exception):
    """A policy that could not be read. ``reason`` names the policy and the fault in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CodeFamily(Record):
    """Codes that always go to a person, by reference (``E11``, ``A40-A41``), with the reason a coder reads."""

    codes: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=1)

    @field_validator("codes")
    @classmethod
    def _are_references(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        # A misspelled family would keep nothing for a person, and nobody would see it.
        if not all(map(is_reference, codes)):
            raise ValueError("not every entry is a code or a range of codes, in capital letters")
        return codes


class Policy(Record):
    """What may be final without a person. ``sha256`` is the hash of the file it was read from."""

    name: str = Field(min_length=1)
    version: int = Field(ge=1)
    description: str = ""
    final_without_person: bool = Field(description="Whether a chart without review or block findings may be final.")
    patient_classes: tuple[PatientClass, ...] = Field(default=(), description="Classes that may be final; empty: any.")
    specialties: tuple[str, ...] = Field(default=(), description="Specialties that may be final; empty: any.")
    person_always: tuple[CodeFamily, ...] = ()
    required_score: float | None = Field(default=None, ge=0, le=1, description="Calibrated score every code needs.")
    target_precision: float | None = Field(
        default=None, gt=0, lt=1, description="Share of final codes to be right; the calibration says which score that needs."
    )
    audit_share: float = Field(default=0, ge=0, le=1, description="Share of charts drawn for a person's audit.")
    ungrounded_share: float = Field(default=0.2, ge=0, le=1, description="Share of unfound quotes a run may have.")
    problem_list_is_evidence: bool = Field(default=True, description="Whether a bare problem list may be coded from.")
    poa_exempt_hospital: bool = Field(default=False, description="Whether the hospital reports no POA at all.")
    severities: dict[str, Severity] = Field(default_factory=dict, description="Rules made stricter; never laxer.")
    sha256: str = ""

    def raised(self, finding: Finding) -> Finding:
        """The finding as this policy weighs it: at least as severe as the rule made it."""
        wanted = self.severities.get(finding.rule_id, finding.severity)
        if SEVERITIES.index(wanted) <= SEVERITIES.index(finding.severity):
            return finding
        return finding.model_copy(update={"severity": wanted})


@cache
def _shipped(name: str) -> Policy:
    return _parse(name, files("guardrails").joinpath("policies", f"{name}.toml").read_bytes())


def load_policy(name_or_path: str | Path) -> Policy:
    """The shipped policy of that name, or the one in that file. PolicyError when it cannot be read or is not valid."""
    if str(name_or_path) in SHIPPED:
        return _shipped(str(name_or_path))
    path = Path(name_or_path)
    try:
        content = path.read_bytes()
    except OSError as error:
        shipped = ", ".join(SHIPPED)
        raise PolicyError(f"policy {str(name_or_path)!r}: no such policy ({shipped}) or readable file") from error
    return _parse(str(name_or_path), content)


def _parse(name: str, content: bytes) -> Policy:
    try:
        fields = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"policy {name!r}: not valid TOML") from error
    if "sha256" in fields:
        raise PolicyError(f"policy {name!r}: sha256 is computed, not written")
    try:
        return Policy(**fields, sha256=hashlib.sha256(content).hexdigest())
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise PolicyError(f"policy {name!r}: {faults}") from error
