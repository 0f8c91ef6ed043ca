"""What follows from the setting of an encounter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from records.encounter import Encounter

ADMIT, DISCHARGE, SERVICE = date(2026, 5, 30), date(2026, 6, 4), date(2026, 6, 2)


def _encounter(**facts: Any) -> Encounter:
    return Encounter.model_validate({"patient_class": "outpatient", "service_date": SERVICE, **facts})


@pytest.mark.parametrize(
    ("patient_class", "claim_type", "dates", "expected", "facility"),
    [
        ("inpatient", None, (ADMIT, DISCHARGE, None), DISCHARGE, True),
        ("inpatient", "facility", (ADMIT, DISCHARGE, SERVICE), DISCHARGE, True),
        ("inpatient", "professional", (ADMIT, DISCHARGE, SERVICE), SERVICE, False),
        ("inpatient", "professional", (ADMIT, DISCHARGE, None), ADMIT, False),
        ("inpatient", "facility", (None, None, SERVICE), SERVICE, True),
        ("outpatient", None, (None, None, SERVICE), SERVICE, False),
        ("outpatient", "facility", (ADMIT, DISCHARGE, SERVICE), SERVICE, False),
        ("emergency", None, (ADMIT, DISCHARGE, None), ADMIT, False),
        ("observation", "facility", (ADMIT, DISCHARGE, None), ADMIT, False),
        ("observation", None, (None, DISCHARGE, None), DISCHARGE, False),
    ],
)
def test_the_setting_decides(
    patient_class: str, claim_type: str | None, dates: tuple[date | None, ...], expected: date, facility: bool
) -> None:
    admit, discharge, service = dates
    encounter = _encounter(
        patient_class=patient_class, claim_type=claim_type, admit_date=admit, discharge_date=discharge, service_date=service
    )
    assert encounter.code_set_date == expected
    assert encounter.codes_uncertain_diagnoses is encounter.reports_poa is encounter.is_inpatient_facility is facility
    assert encounter.leading_role == ("principal" if facility else "first_listed")


@pytest.mark.parametrize(
    "facts",
    [
        {"service_date": None},
        {"patient_class": "inpatient", "service_date": None, "admit_date": ADMIT},
        {"admit_date": DISCHARGE, "discharge_date": ADMIT},
        {"birth_date": date(2026, 6, 3)},
        {"patient_class": "virtual"},
        {"admission": ADMIT},
    ],
)
def test_what_cannot_be_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _encounter(**facts)


def test_what_is_missing_is_unknown() -> None:
    encounter = _encounter()
    assert (encounter.sex, encounter.age_years, encounter.age_days) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("birth", "years", "days"),
    [(date(2026, 6, 2), 0, 0), (date(2025, 6, 3), 0, 364), (date(2025, 6, 2), 1, 365), (date(1944, 2, 29), 82, None)],
)
def test_age_on_the_first_day(birth: date, years: int, days: int | None) -> None:
    encounter = _encounter(birth_date=birth)
    assert encounter.age_years == years
    assert days is None or encounter.age_days == days


def test_age_counts_from_admission() -> None:
    encounter = _encounter(patient_class="inpatient", admit_date=ADMIT, discharge_date=DISCHARGE, birth_date=date(2025, 6, 1))
    assert encounter.age_years == 0
