"""The compliance gate of queries: what it stops and what it lets pass."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from guardrails.query_check import check_query
from guardrails.query_rules import QUERY_RULES
from records.chart import Chart

SOUND: dict[str, Any] = {
    "title": "Clarification of heart failure",
    "kind": "multiple_choice",
    "reason": "specificity",
    "question": "Can the type and acuity of the documented heart failure be further specified?",
    "options": [
        "Acute systolic heart failure",
        "Chronic systolic heart failure",
        "Other (please specify)",
        "Unable to determine",
    ],
    "clinical_indicators": [{"document": "note", "quote": "BNP 1240", "source": "Lab, 06/14"}],
    "documented_diagnoses": ["heart failure"],
}
OPEN = {"kind": "open", "options": []}
YES_NO = {"kind": "yes_no", "options": ["Yes", "No", "Other", "Unable to determine"], "reason": "poa"}

STOPPED: list[tuple[str, dict[str, Any]]] = [
    ("QY-001", {"options": 5}),
    ("QY-002", {"reason": "higher payment"}),
    ("QY-003", {"kind": "essay"}),
    ("QY-004", {"clinical_indicators": []}),
    ("QY-006", {"question": "Please document acute systolic heart failure."}),
    ("QY-006", {**OPEN, "question": "Are you treating for sepsis?"}),
    ("QY-006", {"question": "The patient meets criteria for heart failure, do you agree?"}),
    ("QY-006", {"options": ["Acute systolic heart failure (most likely)", "Other", "Unable to determine"]}),
    ("QY-007", {"title": "Sepsis clarification"}),
    ("QY-008", {"question": "Can the heart failure be specified? It would add an MCC."}),
    ("QY-008", {"footer": "A reply avoids a denial."}),
    ("QY-009", {"options": ["I50.21", "Other", "Unable to determine"]}),
    ("QY-010", {"options": ["Other", "Unable to determine"]}),
    ("QY-011", {"options": ["Acute systolic heart failure", "Other"]}),
    ("QY-011", {"options": ["Acute systolic heart failure", "Unable to determine"]}),
    ("QY-013", {**YES_NO, "question": "Does the patient have sepsis?", "documented_diagnoses": []}),
    ("QY-013", {**YES_NO, "question": "Was the sepsis present on admission?"}),
    ("QY-017", {"question": "?"}),
    ("QY-023", {"options": ["**Acute systolic heart failure**", "Chronic heart failure", "Other", "Unable to determine"]}),
]
PASSED: list[dict[str, Any]] = [
    {},
    {"options": ["Acute systolic heart failure", "Other", "Clinically undetermined"]},
    {**YES_NO, "question": "Was the heart failure present on admission?"},
    {
        **OPEN,
        "title": "Clinical clarification",
        "reason": "indicators_without_diagnosis",
        "question": "What diagnosis, if any, explains the elevated creatinine of 2.4?",
        "documented_diagnoses": [],
    },
]


def blocked(**changed: Any) -> set[str]:
    return {finding.rule_id for finding in check_query({**SOUND, **changed}) if finding.severity == "block"}


@pytest.mark.parametrize(("rule", "changed"), STOPPED, ids=str)
def test_a_query_that_must_not_be_sent_is_stopped(rule: str, changed: dict[str, Any]) -> None:
    assert rule in blocked(**changed)


@pytest.mark.parametrize("changed", PASSED, ids=str)
def test_a_compliant_query_passes(changed: dict[str, Any]) -> None:
    assert [f.rule_id for f in check_query({**SOUND, **changed}) if f.severity != "note"] == []


def test_quotes_are_looked_for_in_the_chart() -> None:
    encounter = {"id": "e", "patient_class": "outpatient", "claim_type": "professional", "service_date": "2026-06-15"}
    chart = Chart.model_validate(
        {"encounter": encounter, "documents": [{"id": "note", "kind": "note", "text": "BNP\n1240 today"}]}
    )
    assert check_query(SOUND, chart) == ()
    other = [{"document": "note", "quote": "BNP 1250", "source": "Lab"}]
    assert {f.rule_id for f in check_query({**SOUND, "clinical_indicators": other}, chart)} == {"QY-005"}


def test_what_is_no_query_is_stopped_and_ids_are_unique() -> None:
    assert [(f.rule_id, f.severity) for f in check_query([])] == [("QY-001", "block")]
    assert len({rule.id for rule in QUERY_RULES}) == len(QUERY_RULES)


def test_messages_hold_nothing_of_the_query() -> None:
    findings = check_query({**SOUND, "title": "Marmalade sepsis", "question": "Please document Marmalade sepsis."})
    assert findings
    assert not any("marmalade" in finding.message.lower() for finding in findings)


def test_the_offline_models_queries_pass() -> None:
    path = Path(__file__).parents[2] / "agent" / "models" / "offline" / "queries.toml"
    rows = [row for found in tomllib.loads(path.read_text("utf-8")).values() if isinstance(found, list) for row in found]
    asked = [row for row in rows if "question" in row]
    assert asked
    for row in asked:
        options = [*row["options"], "Other (please specify)", "Unable to determine"] if row.get("options") else []
        documented = [row["title"].removeprefix("Clarification of ")]
        changed = {
            **row,
            "options": options,
            "kind": "multiple_choice" if options else "open",
            "documented_diagnoses": documented,
        }
        assert blocked(**{key: value for key, value in changed.items() if key in SOUND}) == set(), row["title"]
