"""Coverage and payer policies: dated rules in a TOML file of the operator's, read again whenever it changes.

The file is ``payer-rules.toml`` in ``CHARTPROOF_HOME``; ``docs/payer-rules.md`` describes it with examples. A payer of whom it
says nothing is not held: unknown is not allowed to look like permitted.
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from codebook import places, reference
from codebook.release import BookError
from records.base import Record

FILE = "payer-rules.toml"
EVERY_PAYER = "*"
Kind = Literal["ncd", "lcd", "medical_necessity", "policy"]
Role = Literal["procedure", "covered", "not_covered"]


class PayerRule(Record):
    """One rule as the operator wrote it, in force from ``start`` to ``end`` (both included; no end is open).

    ``procedures`` are the codes it is about; ``covered`` and ``not_covered`` the diagnoses that support them or do not, as
    references (E11, E08-E13). A rule without procedures is about the diagnoses themselves.
    """

    id: str = Field(min_length=1)
    kind: Kind
    title: str = Field(min_length=1)
    payers: tuple[str, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    start: date
    end: date | None = None
    procedures: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> PayerRule:
        if self.end is not None and self.end < self.start:
            raise ValueError("the rule ends before it starts")
        if not (self.procedures or self.covered or self.not_covered):
            raise ValueError("the rule names no code")
        return self

    def is_for(self, payer: str, on: date) -> bool:
        """Whether the rule is this payer's and in force on the date."""
        named = {EVERY_PAYER, payer.strip().casefold()}
        return (
            any(one.strip().casefold() in named for one in self.payers) and self.start <= on and (not self.end or on <= self.end)
        )

    def role(self, code: str) -> Role | None:
        """What the code is to the rule; None when the rule does not speak of it."""
        if code.upper() in self.procedures:
            return "procedure"
        if _named(code, self.not_covered):
            return "not_covered"
        return "covered" if _named(code, self.covered) else None


class PayerRules(Record):
    """The file: its version, as the operator names it, and its rules."""

    version: str = Field(min_length=1)
    rule: tuple[PayerRule, ...] = ()
    sha256: str = ""

    @model_validator(mode="after")
    def _each_once(self) -> PayerRules:
        seen: set[tuple[str, date]] = set()
        for one in self.rule:
            if (one.id, one.start) in seen:
                raise ValueError(f"the rule {one.id} is there twice from the same date")
            seen.add((one.id, one.start))
        return self


class PayerAnswer(Record):
    """What the payer's rules say of a code. ``held`` is False when no rule of that payer is in force on the date: then nothing
    is known. ``rules`` are those that speak of the code; held and none means that the file has no rule about it."""

    held: bool = False
    version: str = ""
    rules: tuple[tuple[PayerRule, Role], ...] = ()


class Necessity(Record):
    """Whether the diagnoses of a claim support a procedure by one rule, and which do."""

    rule: PayerRule
    supported: bool
    by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    version: str


def payer_rules() -> PayerRules | None:
    """The rules of the operator's file as it is now; None when there is none. BookError when it cannot be read."""
    path = places.home() / FILE
    try:
        changed = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BookError(f"{FILE} cannot be read: {error.strerror or type(error).__name__}") from None
    return _read(path, changed.st_mtime_ns, changed.st_size)


def check(code: str, payer: str | None, on: date) -> PayerAnswer:
    """What the rules of a payer say of a diagnosis or procedure code on a date."""
    rules, own = _own(payer, on)
    if rules is None or not own:
        return PayerAnswer(version=rules.version if rules else "")
    spoken = tuple((rule, role) for rule in own if (role := rule.role(code)) is not None)
    return PayerAnswer(held=True, version=rules.version, rules=spoken)


def necessity(procedure: str, diagnoses: tuple[str, ...], payer: str | None, on: date) -> tuple[Necessity, ...] | None:
    """Every rule of the payer about a procedure, with whether the diagnoses support it; None when nothing of the payer's is
    held for the date. A diagnosis that a rule excludes does not support, whatever else it names."""
    rules, own = _own(payer, on)
    if rules is None or not own:
        return None
    found = []
    for rule in own:
        if rule.role(procedure) == "procedure":
            against = tuple(code for code in diagnoses if rule.role(code) == "not_covered")
            by = tuple(code for code in diagnoses if rule.role(code) == "covered")
            supported = bool(by) if rule.covered else len(against) < len(diagnoses)
            found.append(Necessity(rule=rule, supported=supported, by=by, against=against, version=rules.version))
    return tuple(found)


def _own(payer: str | None, on: date) -> tuple[PayerRules | None, list[PayerRule]]:
    rules = payer_rules()
    if rules is None or not payer:
        return rules, []
    return rules, [rule for rule in rules.rule if rule.is_for(payer, on)]


def _named(code: str, references: tuple[str, ...]) -> bool:
    return any(reference.covers(one.rstrip("-").rstrip("."), code) for one in references)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> PayerRules:
    """The file. ``changed`` and ``size`` are what tell that it is not the one read before."""
    try:
        content = path.read_bytes()
        found = tomllib.loads(content.decode("utf-8"))
        return PayerRules.model_validate(found | {"sha256": hashlib.sha256(content).hexdigest()})
    except OSError as error:
        raise BookError(f"{FILE} cannot be read: {error.strerror or type(error).__name__}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BookError(f"{FILE} is not TOML: {error}".splitlines()[0]) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BookError(f"{FILE}: {where}: {first['msg']}") from None
