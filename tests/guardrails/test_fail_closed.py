"""Nothing raises out of a check, and nothing malformed is final: drafts and charts of any shape, as somebody may send them."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.coding import check_draft, internal_error
from guardrails.policy import load_policy
from records.chart import Chart
from records.finding import Disposition

POLICY = load_policy("straight_through").model_copy(update={"audit_share": 0.0, "person_always": ()})
NOTE = "ASSESSMENT\n\nHypertension, continue lisinopril. Right knee pain. No pneumonia.\n"
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
codes = st.sampled_from(
    ["I10", "i10 ", "M25.561", "M25.569", "J18.9", "E11", "S72.001A", "T40.7X1A", "", "99213", "\ud800", "I10\x00"]
)
quotes = st.sampled_from(
    ["Hypertension", "Right knee pain", "pneumonia", "No pneumonia", "", "(", "\\", "of", "kidney"]
) | st.text(max_size=9)
citation = st.fixed_dictionaries(
    {"document": st.sampled_from(["note", "", "other"]) | anything, "quote": quotes | anything},
    optional={"line": st.integers() | anything, "more": anything},
)
entry = st.fixed_dictionaries(
    {"code": codes | anything},
    optional={
        "system": st.sampled_from(["icd10cm", "icd10pcs", "hcpcs", "cpt", "ICD-9"]) | anything,
        "role": st.sampled_from(["first_listed", "principal", "secondary", "procedure", "primary"]) | anything,
        "sequence": st.integers() | anything,
        "poa": st.sampled_from(["Y", "N", "exempt", "maybe"]) | anything,
        "modifiers": anything,
        "units": st.integers() | anything,
        "evidence": st.lists(citation, max_size=3) | anything,
        "unknown": anything,
    },
)
drafts = (
    st.fixed_dictionaries({"codes": st.lists(entry | anything, max_size=4) | anything}, optional={"considered": anything})
    | anything
)
texts = st.text(max_size=60) | st.sampled_from(
    ["", "\n", "\x00", "   ", ":", "FAMILY HISTORY\n\nMother: gout", "\u202e", "((((((", "a" * 5000]
)


def chart(text: str = NOTE, **encounter: Any) -> Chart:
    facts = {"id": "e", "patient_class": "outpatient", "claim_type": "professional", "service_date": "2026-06-15"} | encounter
    return Chart.model_validate(
        {"encounter": facts, "documents": [{"id": "note", "kind": "note", "author_role": "physician", "text": text}]}
    )


def well_formed(draft: Any) -> bool:
    """Whether each entry has the fields of a code that is in the book, and nothing the form does not know."""
    return isinstance(draft, dict) and isinstance(draft.get("codes"), list) and bool(draft["codes"])


@given(drafts)
@SETTINGS
def test_any_draft_is_answered_and_none_that_is_malformed_is_final(draft: Any) -> None:
    checked = check_draft(chart(), draft, POLICY)
    assert internal_error(ValueError()).split(":")[0] not in checked.error
    assert "RN-001" not in {finding.rule_id for finding in checked.findings}
    if checked.error or not well_formed(draft):
        assert checked.disposition is not Disposition.FINAL_CODED


@given(texts, st.lists(entry, min_size=1, max_size=3))
@SETTINGS
def test_any_text_is_checked(text: str, entries: list[Any]) -> None:
    try:
        made = chart(text)
    except ValueError:
        return  # no chart at all: refused before anything is coded
    checked = check_draft(made, {"codes": entries}, POLICY)
    assert "internal error" not in checked.error
    assert "RN-001" not in {finding.rule_id for finding in checked.findings}


@given(entry)
@SETTINGS
def test_a_code_without_evidence_of_the_chart_is_never_final(one: dict[str, Any]) -> None:
    held = {**one, "evidence": [{"document": "note", "quote": "words the chart does not hold"}]}
    assert check_draft(chart(), {"codes": [held]}, POLICY).disposition is not Disposition.FINAL_CODED


def test_the_sound_draft_beside_them_is_final() -> None:
    sound = {"codes": [{"code": "I10", "role": "first_listed", "evidence": [{"document": "note", "quote": "Hypertension"}]}]}
    assert check_draft(chart(), sound, POLICY).disposition is Disposition.FINAL_CODED
