"""What the loop tells a model in words: the system prompt for an encounter, and the findings it may correct."""

from __future__ import annotations

from typing import Literal

from prompts.library import Prompt, render
from records.chart import Chart
from records.finding import Finding

Setting = Literal["inpatient", "outpatient", "emergency", "radiology", "pathology"]


def setting(chart: Chart) -> Setting:
    """The setting whose instructions fit the chart. Only an outpatient encounter may be one of a report alone: a radiologist's
    or pathologist's, by the encounter's specialty or because the chart holds no other document."""
    encounter = chart.encounter
    if encounter.patient_class in ("inpatient", "emergency"):
        return "inpatient" if encounter.patient_class == "inpatient" else "emergency"
    specialty = (encounter.specialty or "").strip().lower()
    kinds = {document.kind for document in chart.documents}
    for name in ("radiology", "pathology"):
        if name in specialty or kinds == {f"{name}_report"}:
            return "radiology" if name == "radiology" else "pathology"
    return "outpatient"


def system_prompt(chart: Chart, version: int | None = None) -> Prompt:
    """The coder's instructions for the setting of this chart; with a version, that version of the general ones."""
    encounter = chart.encounter
    return render(
        "coder" if version else f"coder_{setting(chart)}",
        version,
        patient_class=encounter.patient_class,
        leading_role=encounter.leading_role,
        codes_uncertain_diagnoses=encounter.codes_uncertain_diagnoses,
        reports_poa=encounter.reports_poa,
    )


def correction(findings: tuple[Finding, ...]) -> str:
    """The findings that block, as the one request for a correction."""
    return render("correction", findings=[finding for finding in findings if finding.severity == "block"]).text
