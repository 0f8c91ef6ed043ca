"""What was parsed from any format, and the one place where it becomes a chart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from records.chart import Chart
from records.formats.content import ChartError

DATES = ("service_date", "admit_date", "discharge_date", "birth_date")
CHOICES = ("patient_class", "claim_type", "sex")
ENCOUNTER_FACTS = (*CHOICES, *DATES, "specialty", "payer", "discharge_disposition")
DOCUMENT_FACTS = ("kind", "author_role", "signed", "signed_at")
_SEXES = {"f": "female", "m": "male", "u": "unknown", "": "unknown", "other": "unknown", "o": "unknown"}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_SHOWN = 3


@dataclass
class Parsed:
    """One chart as a format holds it: plain fields that nobody has validated."""

    id: str
    encounter: dict[str, Any]
    documents: list[Any] = field(default_factory=list)


def normal(name: str, value: str) -> str:
    """A fact as a person writes it, as the record spells it: "F" is female, "Outpatient" is outpatient."""
    value = value.strip()
    if name in CHOICES:
        value = value.lower()
    return _SEXES.get(value, value) if name == "sex" else value


def assemble(parsed: Parsed, given: Mapping[str, str]) -> Chart:
    """The chart of what was parsed; facts given from outside win. ChartError, one line, when it is not a valid chart."""
    given_encounter = {name: normal(name, given[name]) for name in ENCOUNTER_FACTS if given.get(name)}
    encounter = {**parsed.encounter, **given_encounter}
    _check_encounter(encounter)
    given_document = {name: given[name] for name in DOCUMENT_FACTS if given.get(name)}
    documents = [{**given_document, **one} if isinstance(one, dict) else one for one in parsed.documents]
    if not documents:
        raise ChartError("the chart has no documents")
    try:
        # By way of the parsed values, not of JSON text: the words of a document stay exactly as they came.
        return Chart.model_validate({"encounter": encounter, "documents": documents})
    except ValidationError as error:
        raise ChartError(form_errors(error)) from None


def _check_encounter(encounter: Mapping[str, Any]) -> None:
    if not encounter.get("patient_class"):
        raise ChartError("patient_class is missing (inpatient, outpatient, emergency or observation)")
    for name in DATES:
        value = encounter.get(name)
        if value is not None and not _is_date(value):
            raise ChartError(f"{name} is not a date written YYYY-MM-DD")


def _is_date(value: Any) -> bool:
    """Whether it is an ISO date. A bare number would otherwise be read as seconds since 1970."""
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def form_errors(error: ValidationError) -> str:
    """What is wrong with the form, in one line: field names of ours and the fault, never a value nor a foreign key."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    told = [_fault(fault["type"], fault["loc"], fault["msg"]) for fault in faults[:_SHOWN]]
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return "; ".join(told) + more


def _fault(kind: str, location: tuple[int | str, ...], message: str) -> str:
    if kind == "extra_forbidden":
        location, message = location[:-1], "unknown field"
    if kind == "string_unicode":
        message = "not valid Unicode"
    where = ".".join(str(part) for part in location)
    message = message.removeprefix("Value error, ")
    return f"{where}: {message}" if where and where != "encounter" else message
