"""The encounter: who was seen, when, in what setting, and what follows from the setting."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from records.assertion import Asserted, Assertion
from records.base import Record

PatientClass = Literal["inpatient", "outpatient", "emergency", "observation"]
ClaimType = Literal["facility", "professional"]
Sex = Literal["male", "female", "unknown"]
LeadingRole = Literal["principal", "first_listed"]


class Encounter(Record):
    """One encounter. Everything that depends on the setting is decided here and nowhere else.

    A missing sex or birth date is unknown, never an error. ``patient_class`` and a date are needed: without them no
    release and no convention can be chosen.
    """

    id: str = ""
    patient_class: PatientClass
    claim_type: ClaimType | None = None
    admit_date: date | None = None
    discharge_date: date | None = None
    service_date: date | None = None
    discharge_disposition: str | None = None
    specialty: str | None = None
    payer: str | None = None
    sex: Sex = "unknown"
    birth_date: date | None = None
    identifiers: tuple[str, ...] = Field(default=(), description="Names, numbers and addresses to mask before sending.")

    @model_validator(mode="after")
    def _dates_agree(self) -> Encounter:
        if self.discharge_date is None and self.service_date is None and self.admit_date is None:
            raise ValueError("the encounter has no date: service_date or discharge_date is needed")
        if self.is_inpatient_facility and self.discharge_date is None and self.service_date is None:
            raise ValueError("an inpatient facility claim needs its discharge_date")
        if self.admit_date and self.discharge_date and self.discharge_date < self.admit_date:
            raise ValueError("discharge_date is before admit_date")
        if self.birth_date and self.birth_date > self.code_set_date:
            raise ValueError("birth_date is after the encounter")
        return self

    @property
    def is_inpatient_facility(self) -> bool:
        """True for the facility claim of an inpatient stay: Sections II and III of the guidelines, POA and MCE apply.

        An inpatient encounter without a claim type is read as the facility's; any other as a Section IV encounter.
        """
        return self.patient_class == "inpatient" and self.claim_type != "professional"

    @property
    def code_set_date(self) -> date:
        """The date that selects the releases: discharge for an inpatient facility claim, else the date of service."""
        if self.is_inpatient_facility:
            chosen = self.discharge_date or self.service_date
        else:
            chosen = self.service_date or self.admit_date or self.discharge_date
        assert chosen is not None
        return chosen

    @property
    def codes_uncertain_diagnoses(self) -> bool:
        """Whether "probable" or "likely" at discharge is coded as if it existed (II.H, III.C) or not at all (IV.H)."""
        return self.is_inpatient_facility

    def meant(self, asserted: Asserted) -> Assertion:
        """How words count in this encounter: what an inpatient got over during the stay was present in it (Section III)."""
        return Assertion.PRESENT if asserted.resolved and self.is_inpatient_facility else asserted.assertion

    @property
    def leading_role(self) -> LeadingRole:
        """The role of the diagnosis reported first: ``principal`` (Section II) or ``first_listed`` (Section IV.G)."""
        return "principal" if self.is_inpatient_facility else "first_listed"

    @property
    def reports_poa(self) -> bool:
        """Whether present-on-admission indicators are reported (Appendix I): inpatient facility claims only."""
        return self.is_inpatient_facility

    @property
    def age_days(self) -> int | None:
        """Age in days on the first day of the encounter, or None when the birth date is unknown."""
        if self.birth_date is None:
            return None
        start = self.admit_date or self.code_set_date
        return max((start - self.birth_date).days, 0)

    @property
    def age_years(self) -> int | None:
        """Age in completed years on the first day of the encounter, or None when the birth date is unknown."""
        if self.birth_date is None:
            return None
        start = self.admit_date or self.code_set_date
        before_birthday = (start.month, start.day) < (self.birth_date.month, self.birth_date.day)
        return max(start.year - self.birth_date.year - before_birthday, 0)
