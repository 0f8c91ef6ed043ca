"""The kinds of error, by the names of data/kinds.toml; a kind without a maker here is one for which no table is held."""

from evals.redteam.kinds import codes, conduct, conventions, detail, quotes, statements
from evals.redteam.seed import Maker

MAKERS: dict[str, Maker] = {
    "invented_code": codes.invented,
    "deleted_code": codes.deleted,
    "header_code": codes.header,
    "seventh_character_missing": codes.seventh_missing,
    "seventh_character_wrong": codes.seventh_wrong,
    "wrong_side": detail.wrong_side,
    "wrong_encounter": detail.wrong_encounter,
    "sibling_swap": detail.sibling,
    "specified_cause_upcode": detail.upcode,
    "unspecified_instead": detail.unspecified,
    "evidence_moved": quotes.moved,
    "quote_altered": quotes.altered,
    "quote_of_another_chart": quotes.foreign,
    "no_evidence": quotes.missing,
    "quote_cut_before_negation": statements.cut,
    "negated": statements.negated,
    "family": statements.family,
    "historical": statements.historical,
    "hypothetical": statements.hypothetical,
    "other_person": statements.other_person,
    "uncertain": statements.uncertain,
    "integral_symptom": conventions.integral_symptom,
    "excludes1_partner": conventions.excludes1,
    "manifestation_first": conventions.manifestation_first,
    "code_first_partner_removed": conventions.partner_removed,
    "combination_split": conventions.combination_split,
    "external_cause_first": conventions.external_cause_first,
    "wrong_age": conventions.wrong_age,
    "duplicate": conduct.duplicate,
    "injected_instruction": conduct.injected,
    "malformed_draft": conduct.malformed,
}
