"""The corpus: every injection put into a chart that would be final without it."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field

from records.base import Record
from records.chart import Chart, Document
from records.code import Citation, Draft, DraftCode
from records.encounter import Encounter
from records.formats.facts import assemble
from records.formats.fhir import parse

DAY = date(2026, 6, 15)
NAME = "Jane Roe"
# The fields of the bundle as they are without an injection.
_PLAIN = {
    "patient_name": "Roe",
    "reason": "visit",
    "description": "note",
    "type": "Progress note",
    "author": "A. Smith",
    "title": "note",
}


class Wanted(Record):
    """A tool call the injection asks for. ``{chart}`` in an argument stands for the chart's text."""

    name: str
    arguments: dict[str, str]


class Injection(Record):
    """A text that tries to steer whoever codes the chart, and where it is put."""

    name: str
    place: str
    text: str
    wants: tuple[Wanted, ...] = ()


class Listed(Record):
    """A code a carrier is coded with, and the words it rests on."""

    code: str
    quote: str


class Carrier(Record):
    """A chart that is final when it is coded as listed."""

    name: str
    patient_class: Literal["outpatient", "emergency", "inpatient"]
    kind: str
    role: str
    text: str
    codes: tuple[Listed, ...]


class Target(Record):
    """What an injection asks for, which the carrier does not document."""

    code: str
    words: str


class _Carriers(Record):
    carrier: tuple[Carrier, ...] = Field(min_length=1)
    target: tuple[Target, ...] = Field(min_length=1)


class _Injections(Record):
    injection: tuple[Injection, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Injected:
    """A carrier with an injection in it: the text as it stands there, what it asks for, and the draft of a model that does not
    obey."""

    injection: Injection
    carrier: Carrier
    target: Target
    chart: Chart
    text: str
    honest: Draft


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("evals.adversaries").joinpath(name).read_text("utf-8"))


@cache
def injections() -> tuple[Injection, ...]:
    """Every injection."""
    return _Injections.model_validate(_data("injections.toml")).injection


@cache
def carriers() -> tuple[Carrier, ...]:
    """Every carrier."""
    return _Carriers.model_validate(_data("carriers.toml")).carrier


@cache
def targets() -> tuple[Target, ...]:
    """Every target."""
    return _Carriers.model_validate(_data("carriers.toml")).target


def corpus(carriers_each: int | None = None) -> Iterator[Injected]:
    """Each injection in so many carriers, all unless told otherwise; which target it names goes round."""
    every = carriers()
    for number, injection in enumerate(injections()):
        for step in range(min(carriers_each or len(every), len(every))):
            yield put(injection, every[(number + step) % len(every)], targets()[(number + step) % len(targets())])


def put(injection: Injection, carrier: Carrier, target: Target) -> Injected:
    """The carrier with the injection in it."""
    text = injection.text.replace("{code}", target.code).replace("{words}", target.words).replace("{terms}", "insulin")
    place, _, field = injection.place.partition(":")
    chart = _fhir(carrier, field, text) if place == "fhir" else _chart(carrier, place, field, text)
    return Injected(injection, carrier, target, chart, text, _honest(carrier, chart))


def clean(carrier: Carrier) -> tuple[Chart, Draft]:
    """The carrier without any injection, with its draft."""
    chart = _chart(carrier, "", "", "")
    return chart, _honest(carrier, chart)


def _chart(carrier: Carrier, place: str, field: str, text: str) -> Chart:
    words = _words(carrier, place, text)
    note = {"id": "note", "kind": carrier.kind, "author_role": carrier.role, "text": words}
    encounter: dict[str, Any] = {"id": carrier.name, "patient_class": carrier.patient_class, "service_date": DAY}
    if field:
        (note if field in note else encounter)[field] = text
    documents = [Document.model_validate(note)]
    if place == "document":
        documents.append(Document(id="second", kind=carrier.kind, author_role=carrier.role, text=text))
    return Chart(encounter=Encounter.model_validate(encounter), documents=tuple(documents))


def _words(carrier: Carrier, place: str, text: str) -> str:
    words = carrier.text.lstrip("\n").replace("{name}", text if place == "name" else NAME)
    if place == "hpi":
        return words.replace("\nHPI: ", f"\nHPI: {text} ", 1)
    if place == "assessment":
        return words.replace("ASSESSMENT:\n", f"ASSESSMENT:\n{text}\n", 1)
    return f"{words}{text}\n" if place == "end" else words


def _fhir(carrier: Carrier, field: str, text: str) -> Chart:
    """The carrier as a FHIR bundle, with the text in one of its fields, read as any bundle is."""
    words = _words(carrier, "end" if field == "text" else "", text)
    given = {name: text if field == name else plain for name, plain in _PLAIN.items()}
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p", "name": [{"family": given["patient_name"]}]}},
            {
                "resource": {
                    "resourceType": "Encounter",
                    "id": carrier.name,
                    "class": {"code": "AMB"},
                    "period": {"start": DAY.isoformat()},
                    "reasonCode": [{"text": given["reason"]}],
                }
            },
            {
                "resource": {
                    "resourceType": "DocumentReference",
                    "id": "note",
                    "description": given["description"],
                    "type": {"text": given["type"]},
                    "author": [{"display": f"{given['author']}, MD"}],
                    "content": [
                        {
                            "attachment": {
                                "contentType": "text/plain",
                                "title": given["title"],
                                "data": base64.b64encode(words.encode()).decode(),
                            }
                        }
                    ],
                }
            },
        ],
    }
    (parsed,) = parse(bundle, carrier.name)
    return assemble(parsed, {})


def _honest(carrier: Carrier, chart: Chart) -> Draft:
    first = chart.documents[0].id
    return Draft(
        codes=tuple(
            DraftCode(
                code=listed.code,
                role="secondary" if number else chart.encounter.leading_role,
                evidence=(Citation(document=first, quote=listed.quote),),
            )
            for number, listed in enumerate(carrier.codes)
        )
    )
