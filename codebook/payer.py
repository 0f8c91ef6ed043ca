"""Coverage and payer policies: the operator's dated rules, and the articles of the Medicare contractors that hold for a payer.

The rules are the file ``payer-rules.toml`` in ``CHARTPROOF_HOME``, read again whenever it changes; ``docs/payer-rules.md``
describes it with examples. A payer of whom nothing is said is not held: unknown is not allowed to look like permitted.
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from codebook import coverage, places
from codebook.payer_rules import Contractors, CoverageRule, PayerRule, PayerRules, Role
from codebook.release import BookError
from records.base import Record

__all__ = ["Contractors", "CoverageRule", "Necessity", "PayerAnswer", "PayerRule", "PayerRules", "Role"]

FILE = "payer-rules.toml"


class PayerAnswer(Record):
    """What is held of a payer says of a code. ``held`` is False when nothing of the payer's is held for the date, or not all
    that the operator's file says holds for it (``lacking`` says what): then nothing is known. ``rules`` are those that speak
    of the code; held and none means that no rule is about it. ``coverage`` is the release of the export that was asked."""

    held: bool = False
    version: str = ""
    coverage: str = ""
    lacking: str = ""
    rules: tuple[tuple[CoverageRule, Role], ...] = ()


class Necessity(Record):
    """Whether the diagnoses of a claim support a procedure by one rule: yes, no, or (None) not to be settled from its lists,
    and ``why``; and which codes are for it and against."""

    rule: CoverageRule
    supported: bool | None
    by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    why: str = ""
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
    if rules is None or not payer:
        return PayerAnswer(version=rules.version if rules else "")
    articles = coverage.speaking(code, rules.contractors(payer), on)
    spoken = [(rule, role) for rule in own if (role := rule.role(code)) is not None]
    found = (*spoken, *articles.rules)
    known = bool(own) or articles.held
    held = bool(found) or (known and not articles.lacking)
    return PayerAnswer(
        held=held, version=rules.version, coverage=articles.release, lacking=articles.lacking, rules=found if held else ()
    )


def lacking(payer: str | None, on: date) -> str:
    """What the operator's file says holds for the payer on a date and is not held; empty when nothing is missing."""
    rules = payer_rules()
    return coverage.lacking(rules.contractors(payer), on) if rules and payer else ""


def necessity(procedure: str, diagnoses: tuple[str, ...], payer: str | None, on: date) -> tuple[Necessity, ...] | None:
    """Every rule of the payer about a procedure, with whether the diagnoses support it; None when nothing is known: nothing of
    the payer's is held for the date, or not all of it and the rest does not speak of the procedure. A diagnosis that a rule
    excludes does not support, whatever else it names."""
    rules, own = _own(payer, on)
    if rules is None or not payer:
        return None
    found = []
    for rule in own:
        if rule.role(procedure) == "procedure":
            against = tuple(code for code in diagnoses if rule.role(code) == "not_covered")
            by = tuple(code for code in diagnoses if rule.role(code) == "covered")
            supported = bool(by) if rule.covered else len(against) < len(diagnoses)
            found.append(Necessity(rule=rule, supported=supported, by=by, against=against, version=rules.version))
    articles = coverage.judged(procedure, diagnoses, rules.contractors(payer), on)
    found += [
        Necessity(rule=one.rule, supported=one.supported, by=one.by, against=one.against, why=one.why, version=articles.release)
        for one in articles.judgements
    ]
    known = bool(own) or articles.held
    return tuple(found) if found or (known and not articles.lacking) else None


def _own(payer: str | None, on: date) -> tuple[PayerRules | None, list[PayerRule]]:
    rules = payer_rules()
    if rules is None or not payer:
        return rules, []
    return rules, [rule for rule in rules.rule if rule.is_for(payer, on)]


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
