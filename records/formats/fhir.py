"""FHIR R4: a Bundle or a single DocumentReference or DiagnosticReport, one chart for each Encounter.

Only the few elements a chart holds are read, and each defensively. The models of fhir.resources are of other releases
(R4B, R5) and refuse a whole Bundle for a fault in an element that no chart needs.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from records.formats.content import ChartError, decode
from records.formats.facts import Parsed
from records.formats.vocabulary import kind_of, vocabulary

_DOCUMENTS = ("DocumentReference", "DiagnosticReport")
_WITHDRAWN = frozenset({"entered-in-error", "superseded", "cancelled"})
_UNSIGNED = frozenset({"preliminary", "registered", "partial"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse(resource: dict[str, Any], name: str) -> Iterator[Parsed]:
    """The charts of a resource: one, or one for each Encounter of a Bundle."""
    bundle = _Bundle(resource)
    if not bundle.of(*_DOCUMENTS):
        raise ChartError("FHIR: no DocumentReference or DiagnosticReport in it")
    encounters = bundle.of("Encounter")
    if len(encounters) < 2:
        encounter = encounters[0] if encounters else {}
        chart_id = _text(encounter.get("id")) or (_text(resource.get("id")) or name)
        yield bundle.chart(encounter, chart_id, bundle.of(*_DOCUMENTS))
        return
    for encounter in encounters:
        chart_id = _text(encounter.get("id"))
        mine = [one for one in bundle.of(*_DOCUMENTS) if chart_id in bundle.encounters_of(one)]
        if mine:
            yield bundle.chart(encounter, chart_id, mine)
    strays = [one for one in bundle.of(*_DOCUMENTS) if not bundle.encounters_of(one)]
    if strays:
        raise ChartError(f"FHIR: {len(strays)} document(s) name no Encounter and the Bundle has several")


class _Bundle:
    """The resources of a Bundle, found by type and by reference."""

    def __init__(self, resource: dict[str, Any]) -> None:
        self.resources: list[dict[str, Any]] = []
        self.by_reference: dict[str, dict[str, Any]] = {}
        if resource.get("resourceType") == "Bundle":
            for entry in _objects(resource.get("entry")):
                self._add(entry.get("resource"), _text(entry.get("fullUrl")))
        else:
            self._add(resource, "")

    def _add(self, resource: Any, url: str) -> None:
        if not isinstance(resource, dict):
            return
        self.resources.append(resource)
        self.by_reference[url] = resource
        self.by_reference[f"{_text(resource.get('resourceType'))}/{_text(resource.get('id'))}"] = resource
        for contained in _objects(resource.get("contained")):
            self.resources.append(contained)
            self.by_reference[f"#{_text(contained.get('id'))}"] = contained

    def of(self, *types: str) -> list[dict[str, Any]]:
        """Every resource of these types that has not been withdrawn."""
        return [one for one in self.resources if one.get("resourceType") in types and _text(one.get("status")) not in _WITHDRAWN]

    def find(self, reference: Any) -> dict[str, Any]:
        """What a Reference points at, wherever its server stands; empty when the Bundle does not hold it."""
        target = _text(reference.get("reference")) if isinstance(reference, dict) else _text(reference)
        if not target:
            return {}
        return self.by_reference.get(target) or self.by_reference.get("/".join(target.split("/")[-2:])) or {}

    def encounters_of(self, document: dict[str, Any]) -> list[str]:
        """The ids of the encounters a document says it belongs to."""
        context = document.get("context")
        named = context.get("encounter") if isinstance(context, dict) else document.get("encounter")
        references = named if isinstance(named, list) else [named]
        found = (self.find(one).get("id") or _text(_get(one, "reference")).split("/")[-1] for one in references)
        return [_text(one) for one in found if one]

    @cached_property
    def patient(self) -> dict[str, Any]:
        """The one Patient; ChartError when there are several."""
        patients = self.of("Patient")
        if len(patients) > 1:
            raise ChartError("FHIR: more than one Patient in it")
        return patients[0] if patients else {}

    def chart(self, encounter: dict[str, Any], chart_id: str, documents: list[dict[str, Any]]) -> Parsed:
        """The chart of one encounter."""
        facts = _encounter(encounter) | _patient(self.patient)
        read = [self._document(one, number, chart_id) for number, one in enumerate(documents, 1)]
        if not encounter:
            facts["service_date"] = next((day for one in documents if (day := _document_day(one))), None)
        return Parsed(chart_id, {k: v for k, v in {"id": chart_id, **facts}.items() if v}, read)

    def _document(self, resource: dict[str, Any], number: int, chart_id: str) -> dict[str, Any]:
        kind = _kind(resource)
        encounters = self.encounters_of(resource)
        status = _text(resource.get("docStatus")) or (
            _text(resource.get("status")) if resource.get("resourceType") == "DiagnosticReport" else ""
        )
        signed = False if status in _UNSIGNED else True if resource.get("authenticator") else None
        return {
            "id": _text(resource.get("id")) or f"document-{number}",
            "kind": kind,
            "author_role": self._role(resource, kind),
            "signed": signed,
            "encounter_id": encounters[0] if encounters and chart_id not in encounters else "",
            "text": self._words(resource),
        }

    def _role(self, resource: dict[str, Any], kind: str) -> str:
        """The role of the first author whose qualification or role the Bundle tells."""
        authors = [*_objects(resource.get("author")), *_objects(resource.get("resultsInterpreter"))]
        for reference in authors:
            author = self.find(reference)
            if author.get("resourceType") == "Patient":
                return "patient"
            person = self.find(author.get("practitioner")) if author.get("resourceType") == "PractitionerRole" else author
            told = [_codes(one.get("code")) for one in _objects(person.get("qualification"))]
            told += [_codes(one) for one in _objects(author.get("code"))]
            told.append(_text(_get(reference, "display")).partition(",")[2])
            for words in told:
                if (role := vocabulary().role_of(words, kind)) != "unknown":
                    return role
        return "unknown"

    def _words(self, resource: dict[str, Any]) -> str:
        """The plain text of a document, which several attachments hold in several forms. Empty when none is plain text: a
        rule then sends the chart to a person."""
        attachments = [one.get("attachment") for one in _objects(resource.get("content"))]
        attachments += _objects(resource.get("presentedForm"))
        texts = (self._attachment(one) for one in attachments if isinstance(one, dict))
        return next((text for text in texts if text), "") or _text(resource.get("conclusion"))

    def _attachment(self, attachment: dict[str, Any]) -> str:
        binary = self.find(attachment.get("url"))
        form = _text(attachment.get("contentType")) or _text(binary.get("contentType"))
        data = _text(attachment.get("data")) or _text(binary.get("data"))
        if not data or not form.lower().startswith("text/plain"):
            return ""
        try:
            return decode(base64.b64decode("".join(data.split()), validate=True))
        except (binascii.Error, ValueError):
            raise ChartError("FHIR: an attachment is not valid base64") from None


def _encounter(resource: dict[str, Any]) -> dict[str, Any]:
    classes = resource.get("class")
    coded = classes if isinstance(classes, dict) else {}
    patient_class = vocabulary().fhir.patient_class.get(_text(coded.get("code")).upper())
    period = resource.get("period") if isinstance(resource.get("period"), dict) else {}
    start, end = _day(_get(period, "start")), _day(_get(period, "end"))
    facts: dict[str, Any] = {"patient_class": patient_class, "specialty": _title(resource.get("serviceType"))}
    facts["discharge_disposition"] = _title(_get(resource.get("hospitalization"), "dischargeDisposition"))
    if patient_class == "inpatient":
        return facts | {"admit_date": start, "discharge_date": end}
    return facts | {"service_date": start or end}


def _patient(resource: dict[str, Any]) -> dict[str, Any]:
    gender = _text(resource.get("gender"))
    named = [_text(one.get("family")) for one in _objects(resource.get("name"))]
    named += [_text(part) for one in _objects(resource.get("name")) for part in _list(one.get("given"))]
    named += [_text(one.get("value")) for key in ("identifier", "telecom") for one in _objects(resource.get(key))]
    named += [_text(line) for one in _objects(resource.get("address")) for line in _list(one.get("line"))]
    return {
        "birth_date": _day(resource.get("birthDate")),
        "sex": gender if gender in ("male", "female") else None,
        "identifiers": tuple(dict.fromkeys(filter(None, named))),
    }


def _kind(resource: dict[str, Any]) -> str:
    concept = resource.get("type") or resource.get("code")
    for coding in _objects(_get(concept, "coding")):
        if kind := vocabulary().fhir.document_kind.get(_text(coding.get("code"))):
            return kind
    categories = resource.get("category")
    for category in categories if isinstance(categories, list) else [categories]:
        for coding in _objects(_get(category, "coding")):
            code = _text(coding.get("code"))
            tables = vocabulary()
            if kind := tables.fhir.document_kind.get(code) or tables.hl7.section_kind.get(code):
                return kind
    return kind_of(_title(concept))


def _title(concept: Any) -> str:
    """A CodeableConcept in words."""
    displays = (_text(coding.get("display")) for coding in _objects(_get(concept, "coding")))
    return _text(_get(concept, "text")) or next((one for one in displays if one), "")


def _codes(concept: Any) -> str:
    """A CodeableConcept's codes and words, for finding a degree among them."""
    return " ".join([*(_text(one.get("code")) for one in _objects(_get(concept, "coding"))), _text(_get(concept, "text"))])


def _document_day(resource: dict[str, Any]) -> str | None:
    return (
        _day(resource.get("effectiveDateTime"))
        or _day(_get(_get(resource.get("context"), "period"), "start"))
        or _day(resource.get("date"))
    )


def _day(value: Any) -> str | None:
    """A FHIR date precise to the day; None for a year or month alone, which leave the day unknown."""
    text = _text(value)
    return text[:10] if _DAY.match(text) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
