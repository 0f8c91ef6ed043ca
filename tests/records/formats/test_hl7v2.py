"""HL7 v2: observation results and documents become charts; what a message does not say stays unknown."""

from pathlib import Path

import pytest

from records.chart import Chart
from records.formats import read_charts

ORU = "\r".join(
    (
        r"MSH|^~\&|RIS|HOSP|EHR|HOSP|20260421||ORU^R01|1|P|2.5",
        "PID|1||4711^^^HOSP^MR||DOE^JANE||19590217|F|||12 Elm St^^Town||555-0100",
        "PV1|1|O|||||||||||||||||V-1",
        "OBR|1||R1|71046^CHEST 2 VIEWS^L|||202604211030|||||||||||||||||RAD|F|||||||9&SMITH&ANN&&&&MD",
        r"OBX|1|TX|71046^x||FINDINGS: right \T\ left clear.~No effusion^or mass.||||||F",
        r"OBX|2|FT|71046^x||IMPRESSION:\.br\Pneumonia, right lower lobe.||||||F",
        "OBX|3|NM|6690-2^Leukocytes^LN||14.2|10*3/uL|4-11|H|||F",
    )
)
MDM = "\n".join(
    (
        r"MSH|^~\&|EHR|HOSP|X|HOSP|20260508||MDM^T02|2|P|2.5",
        "PID|1||1||ROE^JOHN||19510814|M",
        "PV1|1|I||||||||CARD||||||||||||||||||||||||||01||||||||20260502|20260508",
        "TXA|1|DS|TX|20260508|||||77^LEE^SAM^^^^DO|||D-9|||||LA",
        "OBX|1|TX|x||Principal diagnosis: acute on chronic systolic heart failure.",
    )
)


def read(folder: Path, message: str) -> Chart:
    path = folder / "m.hl7"
    path.write_bytes(message.encode())
    (received,) = read_charts(path)
    assert received.chart is not None, received.error
    return received.chart


def test_a_radiology_result(tmp_path: Path) -> None:
    chart = read(tmp_path, ORU)
    assert chart.encounter.patient_class == "outpatient"
    assert chart.encounter.code_set_date.isoformat() == "2026-04-21"
    assert (chart.encounter.sex, str(chart.encounter.birth_date)) == ("female", "1959-02-17")
    assert {"4711", "DOE", "JANE", "12 Elm St", "555-0100"} <= set(chart.encounter.identifiers)
    (document,) = chart.documents
    assert (document.kind, document.author_role, document.signed) == ("radiology_report", "radiologist", None)
    assert document.text == (
        "FINDINGS: right & left clear.\nNo effusion^or mass.\nIMPRESSION:\nPneumonia, right lower lobe.\n"
        "Leukocytes: 14.2 10*3/uL (H)"
    )


def test_a_discharge_summary(tmp_path: Path) -> None:
    chart = read(tmp_path, MDM)
    encounter = chart.encounter
    assert (encounter.patient_class, str(encounter.admit_date), str(encounter.discharge_date)) == (
        "inpatient",
        "2026-05-02",
        "2026-05-08",
    )
    assert (encounter.specialty, encounter.discharge_disposition) == ("CARD", "01")
    (document,) = chart.documents
    assert (document.kind, document.author_role, document.signed) == ("discharge_summary", "physician", True)


def test_a_scan_is_kept_as_a_document_without_words(tmp_path: Path) -> None:
    chart = read(tmp_path, ORU + "\rOBX|4|ED|x||^AP^PDF^Base64^JVBERi0=")
    assert [document.text for document in chart.documents[1:]] == [""]


def test_several_orders_are_several_documents_and_several_messages_several_charts(tmp_path: Path) -> None:
    second = "\rOBR|2||R2|88305^SURGICAL PATHOLOGY^L|||20260421|||||||||||||||||SP|P\rOBX|1|TX|x||Adenocarcinoma."
    chart = read(tmp_path, ORU + second)
    assert [(document.kind, document.signed) for document in chart.documents] == [
        ("radiology_report", None),
        ("pathology_report", False),
    ]
    path = tmp_path / "batch.hl7"
    path.write_text(f"\x0b{ORU}\x1c\r\n{MDM}\n", newline="")
    assert [one.id for one in read_charts(path)] == ["batch:1", "batch:2"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("MSH|", "HL7: the message cannot be parsed"),
        (ORU.split("\rOBR")[0], "HL7: the message holds no document"),
        (ORU.replace("|O|||", "|Z|||"), "patient_class is missing"),
        ("FHS|^~\\&|x", "HL7: no message"),
    ],
)
def test_a_message_that_is_no_chart_says_why(tmp_path: Path, message: str, reason: str) -> None:
    path = tmp_path / "m.hl7"
    path.write_bytes(message.encode())
    (received,) = read_charts(path)
    assert received.error.startswith(reason)
    assert "DOE" not in received.error
