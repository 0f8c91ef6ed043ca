"""What the loop tells a model in words: the system prompt for an encounter, and the findings it may correct."""

from __future__ import annotations

from prompts.library import Prompt, render
from records.encounter import Encounter
from records.finding import Finding


def system_prompt(encounter: Encounter, version: int | None = None) -> Prompt:
    """The coder's instructions for the setting of this encounter, of the live version unless told otherwise."""
    return render(
        "coder",
        version,
        patient_class=encounter.patient_class,
        leading_role=encounter.leading_role,
        codes_uncertain_diagnoses=encounter.codes_uncertain_diagnoses,
        reports_poa=encounter.reports_poa,
    )


def correction(findings: tuple[Finding, ...]) -> str:
    """The findings that block, as the one request for a correction."""
    return render("correction", findings=[finding for finding in findings if finding.severity == "block"]).text
