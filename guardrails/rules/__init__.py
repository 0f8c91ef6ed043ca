"""Every rule of the product, by the name of its file. A rule that is not listed here does not run.

A listed rule that cannot be loaded stops every chart: it stands in the list as a rule that fails whenever it is run.
"""

from __future__ import annotations

from importlib import import_module

from guardrails.rule import Rule, unloadable

NAMES = (
    # Evidence
    "evidence_missing",
    "evidence_verbatim",
    "evidence_negated",
    "evidence_family",
    "evidence_other_person",
    "evidence_hypothetical",
    "evidence_historical",
    "past_malignancy",
    "evidence_uncertain",
    "confirmed_only",
    "uncertain_at_discharge",
    "evidence_section",
    "evidence_author",
    "evidence_assertion",
    "evidence_support",
    "sibling",
    "detail_elsewhere",
    "trimester",
    "secondary_site",
    "laterality",
    "unspecified_side",
    "integral_symptom",
    "contradicted",
    "evidence_encounter",
    "only_listed",
    "encounter_character",
    "other_clinician_partner",
    # ICD-10-CM conventions
    "code_exists",
    "release_in_force",
    "billable",
    "seventh_character",
    "excludes1",
    "code_first",
    "use_additional_code",
    "documented_partner",
    "code_also",
    "duplicate",
    "combination_code",
    "unrelated",
    "mutually_exclusive",
    "beside_unspecified",
    "delivery",
    "drug_not_coded",
    "laterality_pair",
    # Sequencing
    "leading_role",
    "manifestation",
    "external_cause_first",
    "first_only",
    "secondary_only",
    "obstetric_first",
    "sequela_order",
    "drug_effect_order",
    "code_order",
    "acute_first",
    "sepsis",
    "antineoplastic_therapy",
    "nonspecific_z",
    "birth_record",
    "unacceptable_principal",
    # Present on admission, age and sex
    "poa",
    "chronic_poa",
    "age",
    "age_possible",
    "sex_conflict",
    # Services and procedures
    "procedure_code",
    "service_code",
    "modifier",
    "ptp_pair",
    "units",
    "add_on",
    "payer_policy",
    # Documentation
    "document_signature",
    "document_text",
    "conflicting_documentation",
    "conflicting_side",
    "malignancy_not_coded",
    "addressed_text",
    # Run integrity and policy
    "run_budget",
    "unlisted_calls",
    "unread_documents",
    "malformed_draft",
    "no_codes",
    "chart_changed",
    "run_versions",
    "ungrounded_share",
    "policy_family",
    "policy_encounter",
    "audit_sample",
    "system_held",
    "policy_score",
)


def load(name: str) -> Rule:
    """The rule of that file; one that blocks every chart when there is none, or the file cannot be loaded."""
    try:
        found = getattr(import_module(f"{__name__}.{name}"), name)
    except Exception as error:  # noqa: BLE001 - whatever keeps a rule from loading, no chart may pass for want of it
        return unloadable(name, type(error).__name__)
    return found if isinstance(found, Rule) else unloadable(name, "no rule")


RULES: tuple[Rule, ...] = tuple(map(load, NAMES))
