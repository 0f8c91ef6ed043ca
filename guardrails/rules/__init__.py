"""Every rule of the product, by name. A rule that is not listed here does not run."""

from guardrails.rule import Rule
from guardrails.rules.add_on import add_on
from guardrails.rules.addressed_text import addressed_text
from guardrails.rules.age import age
from guardrails.rules.age_possible import age_possible
from guardrails.rules.audit_sample import audit_sample
from guardrails.rules.billable import billable
from guardrails.rules.chart_changed import chart_changed
from guardrails.rules.code_exists import code_exists
from guardrails.rules.code_first import code_first
from guardrails.rules.combination_code import combination_code
from guardrails.rules.confirmed_only import confirmed_only
from guardrails.rules.contradicted import contradicted
from guardrails.rules.document_signature import document_signature
from guardrails.rules.document_text import document_text
from guardrails.rules.drug_effect_order import drug_effect_order
from guardrails.rules.duplicate import duplicate
from guardrails.rules.encounter_character import encounter_character
from guardrails.rules.evidence_assertion import evidence_assertion
from guardrails.rules.evidence_author import evidence_author
from guardrails.rules.evidence_encounter import evidence_encounter
from guardrails.rules.evidence_family import evidence_family
from guardrails.rules.evidence_historical import evidence_historical
from guardrails.rules.evidence_hypothetical import evidence_hypothetical
from guardrails.rules.evidence_missing import evidence_missing
from guardrails.rules.evidence_negated import evidence_negated
from guardrails.rules.evidence_other_person import evidence_other_person
from guardrails.rules.evidence_section import evidence_section
from guardrails.rules.evidence_support import evidence_support
from guardrails.rules.evidence_uncertain import evidence_uncertain
from guardrails.rules.evidence_verbatim import evidence_verbatim
from guardrails.rules.excludes1 import excludes1
from guardrails.rules.external_cause_first import external_cause_first
from guardrails.rules.first_only import first_only
from guardrails.rules.integral_symptom import integral_symptom
from guardrails.rules.laterality import laterality
from guardrails.rules.laterality_pair import laterality_pair
from guardrails.rules.leading_role import leading_role
from guardrails.rules.malformed_draft import malformed_draft
from guardrails.rules.manifestation import manifestation
from guardrails.rules.modifier import modifier
from guardrails.rules.mutually_exclusive import mutually_exclusive
from guardrails.rules.no_codes import no_codes
from guardrails.rules.nonspecific_z import nonspecific_z
from guardrails.rules.obstetric_first import obstetric_first
from guardrails.rules.only_listed import only_listed
from guardrails.rules.other_clinician_partner import other_clinician_partner
from guardrails.rules.payer_policy import payer_policy
from guardrails.rules.poa import poa
from guardrails.rules.policy_encounter import policy_encounter
from guardrails.rules.policy_family import policy_family
from guardrails.rules.policy_score import policy_score
from guardrails.rules.procedure_code import procedure_code
from guardrails.rules.ptp_pair import ptp_pair
from guardrails.rules.release_in_force import release_in_force
from guardrails.rules.run_budget import run_budget
from guardrails.rules.secondary_only import secondary_only
from guardrails.rules.sequela_order import sequela_order
from guardrails.rules.service_code import service_code
from guardrails.rules.seventh_character import seventh_character
from guardrails.rules.sex_conflict import sex_conflict
from guardrails.rules.sibling import sibling
from guardrails.rules.system_held import system_held
from guardrails.rules.unacceptable_principal import unacceptable_principal
from guardrails.rules.uncertain_at_discharge import uncertain_at_discharge
from guardrails.rules.ungrounded_share import ungrounded_share
from guardrails.rules.units import units
from guardrails.rules.unlisted_calls import unlisted_calls
from guardrails.rules.unread_documents import unread_documents
from guardrails.rules.unspecified_side import unspecified_side
from guardrails.rules.use_additional_code import use_additional_code

RULES: tuple[Rule, ...] = (
    # Evidence
    evidence_missing,
    evidence_verbatim,
    evidence_negated,
    evidence_family,
    evidence_other_person,
    evidence_hypothetical,
    evidence_historical,
    evidence_uncertain,
    confirmed_only,
    uncertain_at_discharge,
    evidence_section,
    evidence_author,
    evidence_assertion,
    evidence_support,
    sibling,
    laterality,
    unspecified_side,
    integral_symptom,
    contradicted,
    evidence_encounter,
    only_listed,
    encounter_character,
    other_clinician_partner,
    # ICD-10-CM conventions
    code_exists,
    release_in_force,
    billable,
    seventh_character,
    excludes1,
    code_first,
    use_additional_code,
    duplicate,
    combination_code,
    mutually_exclusive,
    laterality_pair,
    # Sequencing
    leading_role,
    manifestation,
    external_cause_first,
    first_only,
    secondary_only,
    unacceptable_principal,
    obstetric_first,
    sequela_order,
    drug_effect_order,
    nonspecific_z,
    # Present on admission, age and sex
    poa,
    age,
    age_possible,
    sex_conflict,
    # Services and procedures
    procedure_code,
    service_code,
    modifier,
    ptp_pair,
    units,
    add_on,
    payer_policy,
    # Documentation
    document_signature,
    document_text,
    addressed_text,
    # Run integrity and policy
    run_budget,
    unlisted_calls,
    unread_documents,
    malformed_draft,
    no_codes,
    chart_changed,
    ungrounded_share,
    policy_family,
    policy_encounter,
    audit_sample,
    system_held,
    policy_score,
)
