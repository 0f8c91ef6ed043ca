"""FHIR R4: a Bundle becomes a chart for each Encounter; what is withdrawn is left out, what is not text is kept empty."""

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from records.formats import Received, read_charts


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "fullUrl": "urn:uuid:p",
            "resource": {
                "resourceType": "Patient",
                "id": "p",
                "gender": "female",
                "birthDate": "1967-01-15",
                "name": [{"family": "Doe", "given": ["Jane", "Q"]}],
                "identifier": [{"value": "MRN-1"}],
            },
        },
        {
            "resource": {
                "resourceType": "Encounter",
                "id": "e1",
                "class": {"code": "IMP"},
                "period": {"start": "2026-06-10T08:00:00-05:00", "end": "2026-06-15T11:00:00-05:00"},
                "hospitalization": {"dischargeDisposition": {"text": "Home"}},
            }
        },
        {"resource": {"resourceType": "Practitioner", "id": "dr", "qualification": [{"code": {"text": "M.D."}}]}},
        {
            "resource": {
                "resourceType": "DocumentReference",
                "id": "d1",
                "status": "current",
                "docStatus": "final",
                "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5"}]},
                "author": [{"reference": "Practitioner/dr"}],
                "context": {"encounter": [{"reference": "Encounter/e1"}]},
                "content": [
                    {"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}},
                    {"attachment": {"contentType": "text/plain; charset=utf-8", "data": encoded("DIAGNOSIS: COPD – stable.\n")}},
                ],
            }
        },
    ],
}


def read(folder: Path, value: Any) -> list[Received]:
    path = folder / "bundle.json"
    path.write_text(json.dumps(value))
    return list(read_charts(path))


def changed(**fields: Any) -> dict[str, Any]:
    bundle = copy.deepcopy(BUNDLE)
    bundle["entry"][3]["resource"].update(fields)
    return bundle


def test_a_bundle_is_a_chart(tmp_path: Path) -> None:
    (received,) = read(tmp_path, BUNDLE)
    assert received.chart is not None, received.error
    encounter = received.chart.encounter
    assert (received.id, encounter.patient_class, str(encounter.admit_date), str(encounter.code_set_date)) == (
        "e1",
        "inpatient",
        "2026-06-10",
        "2026-06-15",
    )
    assert (encounter.sex, str(encounter.birth_date), encounter.discharge_disposition) == ("female", "1967-01-15", "Home")
    assert set(encounter.identifiers) == {"Doe", "Jane", "Q", "MRN-1"}
    (document,) = received.chart.documents
    assert (document.id, document.kind, document.author_role) == ("d1", "discharge_summary", "physician")
    assert document.text == "DIAGNOSIS: COPD – stable.\n"


def test_a_year_alone_is_an_unknown_birth_date(tmp_path: Path) -> None:
    bundle = copy.deepcopy(BUNDLE)
    bundle["entry"][0]["resource"]["birthDate"] = "1967"
    (received,) = read(tmp_path, bundle)
    assert received.chart is not None
    assert received.chart.encounter.birth_date is None


def test_a_withdrawn_document_is_left_out(tmp_path: Path) -> None:
    (received,) = read(tmp_path, changed(status="entered-in-error"))
    assert received.error == "FHIR: no DocumentReference or DiagnosticReport in it"


def test_a_preliminary_document_is_unsigned_and_one_without_text_is_kept_empty(tmp_path: Path) -> None:
    pdf = [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}}]
    (received,) = read(tmp_path, changed(docStatus="preliminary", content=pdf))
    assert received.chart is not None
    assert (received.chart.documents[0].signed, received.chart.documents[0].text) == (False, "")


def test_text_may_stand_in_a_binary_beside(tmp_path: Path) -> None:
    bundle = changed(content=[{"attachment": {"contentType": "text/plain", "url": "Binary/b"}}])
    bundle["entry"].append({"resource": {"resourceType": "Binary", "id": "b", "data": encoded("Asthma.")}})
    (received,) = read(tmp_path, bundle)
    assert received.chart is not None
    assert received.chart.documents[0].text == "Asthma."


def test_a_document_of_another_encounter_says_so(tmp_path: Path) -> None:
    (received,) = read(tmp_path, changed(context={"encounter": [{"reference": "Encounter/old"}]}))
    assert received.chart is not None
    assert received.chart.documents[0].encounter_id == "old"


def test_two_encounters_are_two_charts_and_a_stray_document_is_a_fault(tmp_path: Path) -> None:
    bundle = copy.deepcopy(BUNDLE)
    other = {"resourceType": "Encounter", "id": "e2", "class": {"code": "EMER"}, "period": {"start": "2026-06-09"}}
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "category": [{"coding": [{"code": "RAD"}]}],
        "encounter": {"reference": "Encounter/e2"},
        "resultsInterpreter": [{"reference": "Practitioner/dr"}],
        "conclusion": "Nondisplaced fracture of the left distal radius.",
    }
    stray = {"resourceType": "DocumentReference", "id": "d9", "content": []}
    bundle["entry"] += [{"resource": other}, {"resource": report}, {"resource": stray}]
    received = read(tmp_path, bundle)
    assert [(one.id, one.error) for one in received] == [
        ("e1", ""),
        ("e2", ""),
        ("bundle", "FHIR: 1 document(s) name no Encounter and the Bundle has several"),
    ]
    second = received[1].chart
    assert second is not None
    assert (second.encounter.patient_class, second.documents[0].kind, second.documents[0].author_role) == (
        "emergency",
        "radiology_report",
        "radiologist",
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"content": [{"attachment": {"contentType": "text/plain", "data": "%%%"}}]}, "FHIR: an attachment is not valid base64"),
        (
            {"content": [{"attachment": {"contentType": "text/plain", "data": "6Q=="}}]},
            "not UTF-8 (first invalid byte at offset 0)",
        ),
    ],
)
def test_an_attachment_that_cannot_be_read_says_why(tmp_path: Path, fields: Any, reason: str) -> None:
    (received,) = read(tmp_path, changed(**fields))
    assert received.error == reason
