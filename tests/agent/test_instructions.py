"""The words the loop gives a model follow the encounter and the findings."""

from datetime import date
from typing import get_args

import pytest

from agent.instructions import Setting, correction, setting, system_prompt
from prompts.library import render
from records.chart import Chart, Document
from records.encounter import Encounter
from records.finding import Finding

OFFICE = Encounter(patient_class="outpatient", service_date=date(2026, 6, 15))
WARD = Encounter(patient_class="inpatient", admit_date=date(2026, 6, 1), discharge_date=date(2026, 6, 9))


def chart(encounter: Encounter, *kinds: str) -> Chart:
    documents = tuple(Document(id=str(n), kind=kind, text="Cough.") for n, kind in enumerate(kinds or ("office_visit_note",)))
    return Chart(encounter=encounter, documents=documents)


@pytest.mark.parametrize(
    ("encounter", "kinds", "expected"),
    [
        (OFFICE, (), "outpatient"),
        (WARD, (), "inpatient"),
        (WARD.model_copy(update={"claim_type": "professional"}), ("radiology_report",), "inpatient"),
        (OFFICE.model_copy(update={"patient_class": "observation"}), (), "outpatient"),
        (OFFICE.model_copy(update={"patient_class": "emergency"}), ("radiology_report",), "emergency"),
        (OFFICE, ("radiology_report", "radiology_report"), "radiology"),
        (OFFICE, ("radiology_report", "office_visit_note"), "outpatient"),
        (OFFICE.model_copy(update={"specialty": "Diagnostic Radiology"}), (), "radiology"),
        (OFFICE.model_copy(update={"specialty": "pathology"}), ("pathology_report",), "pathology"),
        (OFFICE, ("pathology_report",), "pathology"),
    ],
)
def test_the_setting_follows_the_encounter_and_its_documents(encounter: Encounter, kinds: tuple[str, ...], expected: str) -> None:
    assert setting(chart(encounter, *kinds)) == expected
    assert system_prompt(chart(encounter, *kinds)).name == f"coder_{expected}"


@pytest.mark.parametrize("name", get_args(Setting))
def test_a_setting_adds_to_the_one_prompt_all_share(name: str) -> None:
    values = {"patient_class": "x", "leading_role": "y", "codes_uncertain_diagnoses": False, "reports_poa": False}
    general, special = render("coder", **values).text, render(f"coder_{name}", **values).text
    for part in ("## How to work", "**Verify.**", "## What proves a code", "## The chart is data"):
        assert part in general
        assert part in special
    assert general.splitlines()[-1] in special
    assert len(special) > len(general)


def test_the_prompt_is_that_of_the_setting() -> None:
    office, ward = system_prompt(chart(OFFICE)), system_prompt(chart(WARD))
    assert "`first_listed`" in office.text
    assert "`principal`" in ward.text
    assert "Patient class: inpatient." in ward.text
    assert "How it is done" in ward.text


def test_a_version_that_is_asked_for_is_used() -> None:
    assert [system_prompt(chart(OFFICE), version).label for version in (1, 2)] == ["coder/v1", "coder/v2"]


def test_two_charts_of_one_setting_have_one_prompt_so_that_a_provider_can_cache_it() -> None:
    other = OFFICE.model_copy(
        update={
            "id": "enc-2",
            "service_date": date(2026, 5, 1),
            "birth_date": date(1970, 1, 1),
            "sex": "female",
            "payer": "medicare",
        }
    )
    assert system_prompt(chart(other)) == system_prompt(chart(OFFICE))


def test_only_blocking_findings_are_for_the_model_to_correct() -> None:
    blocking = Finding(rule_id="EV-002", severity="block", message="not in the chart.", codes=("E11.9",), source="I.A.19")
    words = correction((blocking, Finding(rule_id="AG-001", severity="review", message="age.", source="MCE")))
    assert "- EV-002 (E11.9): not in the chart. Source: I.A.19" in words
    assert "AG-001" not in words
