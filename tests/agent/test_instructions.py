"""The words the loop gives a model follow the encounter and the findings."""

from datetime import date

from agent.instructions import correction, system_prompt
from records.encounter import Encounter
from records.finding import Finding

OFFICE = Encounter(patient_class="outpatient", service_date=date(2026, 6, 15))
WARD = Encounter(patient_class="inpatient", admit_date=date(2026, 6, 1), discharge_date=date(2026, 6, 9))


def test_the_prompt_is_that_of_the_setting() -> None:
    office, ward = system_prompt(OFFICE), system_prompt(WARD)
    assert "`first_listed`" in office.text
    assert "`principal`" in ward.text
    assert "Patient class: inpatient." in ward.text
    assert office.sha256 == ward.sha256


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
    assert system_prompt(other) == system_prompt(OFFICE)


def test_only_blocking_findings_are_for_the_model_to_correct() -> None:
    blocking = Finding(rule_id="EV-002", severity="block", message="not in the chart.", codes=("E11.9",), source="I.A.19")
    words = correction((blocking, Finding(rule_id="AG-001", severity="review", message="age.", source="MCE")))
    assert "- EV-002 (E11.9): not in the chart. Source: I.A.19" in words
    assert "AG-001" not in words
