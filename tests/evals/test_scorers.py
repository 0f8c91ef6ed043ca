"""Every scorer on an example whose figures were worked out by hand."""

from __future__ import annotations

import pytest

from evals.aggregate import Scorer
from evals.case import Case
from evals.scorers.category import CATEGORY
from evals.scorers.charts import CHARTS
from evals.scorers.codes import CODES, MACRO
from evals.scorers.coverage import COVERAGE
from evals.scorers.errors import ERRORS
from evals.scorers.evidence import EVIDENCE
from evals.scorers.leading import LEADING
from evals.scorers.poa import POA
from evals.scorers.queries import QUERIES
from evals.scorers.routing import ROUTING
from evals.scorers.traps import TRAPS
from evals.scorers.usage import USAGE
from records.query import Query
from records.result import Provenance, Tokens
from tests.evals.made import INPATIENT, case, chart, group, predicted, result


def figures(scorer: Scorer, *cases: Case) -> dict[str, object]:
    return {key: pytest.approx(figure) if figure is not None else None for key, figure in scorer.measure(cases).items()}


def mixed() -> Case:
    """Three must groups; one right, its twin an extra, one neutral, one wrong: predicted 3, correct 1, wanted 3."""
    groups = [group("E11.65", "E11.9"), group("I12.9"), group("N18.31"), group("Z79.4", tier="may")]
    return case(groups, result(predicted("E11.9"), predicted("E11.65"), predicted("Z79.4"), predicted("I10")))


def failed() -> Case:
    """Two must groups, and an error: its codes do not count."""
    return case([group("E11.9"), group("I10")], result(predicted("E11.9"), error="model: stopped"))


def test_codes() -> None:
    assert figures(CODES, mixed(), failed()) == {
        "codes.precision": 1 / 3,
        "codes.recall": 1 / 5,
        "codes.f1": 2 / 8,
        "codes.predicted": 3,
        "codes.correct": 1,
        "codes.gold_must": 5,
        "overcoding": 2 / 3,
        "undercoding": 4 / 5,
    }


def test_codes_of_an_empty_set_are_not_scored() -> None:
    measured = CODES.measure([case([], result())])
    assert measured["codes.f1"] is measured["codes.precision"] is measured["codes.recall"] is measured["overcoding"] is None


def test_macro_is_the_mean_over_codes() -> None:
    # E11.9: credited once, missed once, so 2/(1+2). E11.65, I10: extras, 0; I10 missed too, still 0. I12.9, N18.31: missed.
    assert figures(MACRO, mixed(), failed()) == {"codes.macro_f1": (2 / 3) / 5}


def test_a_code_predicted_twice_is_one_prediction() -> None:
    twice = case([group("E11.9")], result(predicted("E11.9"), predicted("e119")))
    assert figures(CODES, twice)["codes.precision"] == 1


def test_label_space_restricts_predictions_first() -> None:
    limited = case([group("E11.9")], result(predicted("I10"), predicted("E11.9")), labels=["E11.9"])
    assert figures(CODES, limited)["codes.precision"] == 1


def test_category() -> None:
    # Wanted: E11, I12, N18. Predicted: E11 right, Z79 neutral, I10 wrong.
    assert figures(CATEGORY, mixed()) == {"category.precision": 1 / 2, "category.recall": 1 / 3, "category.f1": 2 / 5}


def test_category_counts_a_category_once() -> None:
    two = case([group("E11.22"), group("E11.42")], result(predicted("E11.9")))
    assert figures(CATEGORY, two)["category.f1"] == 1


def test_charts() -> None:
    exact = case([group("E11.9"), group("Z79.4", tier="may")], result(predicted("E11.9"), predicted("Z79.4")))
    empty_but_failed = case([], None)
    assert figures(CHARTS, exact, mixed(), failed(), empty_but_failed) == {"charts": 4, "failed": 2, "chart_exact": 1 / 4}


def test_leading_by_role_then_by_sequence() -> None:
    by_role = case([], result(predicted("I10"), predicted("E11.9", role="first_listed")), first_listed=["E11.9"])
    by_sequence = case([], result(predicted("I10"), predicted("E11.9")), first_listed=["I10", "I11.9"])
    principal = case([], result(predicted("I10", role="principal")), first_listed=["E11.9"], encounter=INPATIENT)
    nothing = case([], result(), first_listed=["E11.9"])
    silent = case([], result(predicted("E11.9")))
    assert figures(LEADING, by_role, by_sequence, principal, nothing, silent) == {"first_listed.accuracy": 2 / 4, "principal": 0}
    assert LEADING.measure([silent]) == {"first_listed.accuracy": None, "principal": None}


def test_poa_over_right_codes_whose_gold_says() -> None:
    groups = [group("E11.9", poa="Y"), group("N17.9", poa="N"), group("I10"), group("J18.9", poa="Y")]
    one = case(groups, result(predicted("E11.9", poa="Y"), predicted("N17.9"), predicted("I10", poa="N")), encounter=INPATIENT)
    assert figures(POA, one) == {"poa.accuracy": 1 / 2}
    assert POA.measure([mixed()]) == {"poa.accuracy": None}


def test_evidence() -> None:
    groups = [
        group("E11.65", quotes=["Type 2 diabetes,", "poorly controlled."]),  # one span when merged and trimmed
        group("I12.9", quotes=["Hypertension", "CKD 3a"]),
        group("N18.31", quotes=["CKD 3a"]),
        group("Z79.4", tier="may", quotes=["diabetes"]),
    ]
    codes = (
        predicted("E11.65", "Type 2 diabetes, poorly controlled"),  # exact
        predicted("I12.9", "Hypertension and", unfound=1),  # meets one of two
        predicted("R07.9", "chest pain"),  # extra: wrong
        predicted("Z79.4", "CKD"),  # neutral: left out
    )
    # Gold spans 4: two met, one exact. Predicted spans 3: two met, one exact. N18.31 missed.
    overlap = 2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4)
    assert figures(EVIDENCE, case(groups, result(*codes))) == {
        "evidence.verbatim": 4 / 5,
        "evidence.overlap_f1": overlap,
        "evidence.exact_f1": 2 / 7,
    }


def test_evidence_nobody_marked_is_not_scored() -> None:
    one = case([group("E11.9")], result(predicted("E11.9", "Type 2 diabetes")))
    assert figures(EVIDENCE, one) == {"evidence.verbatim": 1, "evidence.overlap_f1": None, "evidence.exact_f1": None}


def test_evidence_that_is_not_in_the_chart_is_not_verbatim() -> None:
    moved = predicted("E11.9", "Type 2 diabetes").model_copy(deep=True)
    span = moved.evidence[0].model_copy(update={"start": 1, "end": 16})
    one = case([group("E11.9")], result(moved.model_copy(update={"evidence": (span,)})))
    assert figures(EVIDENCE, one)["evidence.verbatim"] == 0


def test_traps() -> None:
    traps = [{"quote": "chest pain", "code": "R07.9"}, {"quote": "CKD", "code": "N18.9"}, {"quote": "diabetes", "code": "E11.9"}]
    # E11.9 is right for other words of this chart, so giving it is not falling for the trap.
    caught = case([group("E11.9")], result(predicted("R07.9"), predicted("E11.9")), traps=traps)
    stopped = case([], None, traps=traps)
    assert figures(TRAPS, caught, stopped) == {"traps.total": 3, "traps.coded": 1}
    assert TRAPS.measure([stopped]) == {"traps.total": 0, "traps.coded": None}


def test_queries() -> None:
    span = chart().documents[0].span(0, 6)
    query = Query(reason="conflict", title="t", kind="open", question="q", clinical_indicators=(span,))
    asked = case([], result(queries=(query,)), query={"about": "type"})
    asked_for_nothing = case([], result(queries=(query, query)))
    silent = case([], result(), query={"about": "type"})
    assert figures(QUERIES, asked, asked_for_nothing, silent) == {
        "queries.expected": 2,
        "queries.raised": 2,
        "queries.precision": 1 / 2,
    }
    assert QUERIES.measure([asked_for_nothing])["queries.precision"] is None


def test_routing_a_final_chart_with_a_missed_code_is_wrong() -> None:
    right = case([group("E11.9")], result(predicted("E11.9"), disposition="final_coded"))
    missing = case([group("E11.9"), group("I10")], result(predicted("E11.9"), disposition="final_coded"))
    assert figures(ROUTING, right, missing, mixed(), failed()) == {
        "routing.final_coded_charts": 2,
        "routing.final_coded_share": 2 / 4,
        "routing.final_coded_code_precision": 1,
        "routing.final_coded_chart_precision": 1 / 2,
    }
    assert ROUTING.measure([mixed()])["routing.final_coded_code_precision"] is None


def coverage(*cases: Case) -> dict[str, object]:
    return figures(COVERAGE, *cases)


def test_coverage_is_the_largest_share_that_keeps_the_precision() -> None:
    sure = case([group("E11.9"), group("I10")], result(predicted("E11.9"), predicted("I10")), {"E11.9": 0.9, "I10": 0.8})
    unsure = case([group("N18.31")], result(predicted("R07.9"), predicted("N18.31")), {"R07.9": 0.7, "N18.31": 0.6})
    assert coverage(sure, unsure) == {
        "coverage_at.0.95.codes": 2 / 4,
        "coverage_at.0.95.charts": 1 / 2,
        "coverage_at.0.97.codes": 2 / 4,
        "coverage_at.0.97.charts": 1 / 2,
    }


def test_coverage_takes_equal_scores_together() -> None:
    tied = case([group("E11.9")], result(predicted("E11.9"), predicted("R07.9")), {"E11.9": 0.9, "R07.9": 0.9})
    assert coverage(tied)["coverage_at.0.95.codes"] == 0


def test_coverage_recovers_behind_a_mistake() -> None:
    # One mistake among 21 codes in the order of their scores: 20 of 21 is above 95 % and below 97 %.
    groups = [group(f"S{number}") for number in range(10, 30)]
    codes = [predicted("R07.9"), *(predicted(f"S{number}") for number in range(10, 30))]
    one = case(groups, result(*codes), {code.code: 1 - place / 100 for place, code in enumerate(codes)})
    assert (coverage(one)["coverage_at.0.95.codes"], coverage(one)["coverage_at.0.97.codes"]) == (1, 0)


def test_a_chart_with_a_code_that_has_no_score_is_never_taken() -> None:
    half = case([group("E11.9"), group("I10")], result(predicted("E11.9"), predicted("I10")), {"E11.9": 0.9})
    whole = case([group("E11.9")], result(predicted("E11.9")), {"E11.9": 0.8})
    assert coverage(half, whole)["coverage_at.0.95.charts"] == 1 / 2
    assert coverage(half, whole)["coverage_at.0.95.codes"] == 2 / 3


def test_coverage_without_scores_is_not_scored() -> None:
    assert set(coverage(mixed()).values()) == {None}


def test_errors_by_nearness() -> None:
    chapters = {"S83.232A": "19", "S83.231A": "19", "E11.9": "4", "E11.65": "4", "I12.9": "9", "I50.9": "9", "R07.9": "18"}
    wanted = [group("S83.232A"), group("E11.65"), group("I12.9"), group("N18.31")]
    given = result(*(predicted(code) for code in ("S83.231A", "E11.9", "I50.9", "R07.9", "Q99.999")))
    assert figures(ERRORS, case(wanted, given, chapters=chapters)) == {
        "errors.sibling": 1,
        "errors.category": 1,
        "errors.chapter": 1,
        "errors.out_of_set": 1,
        "errors.missed": 1,
        "errors.extra": 1,
    }


def test_errors_pair_the_nearest_first() -> None:
    # E11.65 could stand in for either group; E11.69 is its sibling, so E11.9 is what stays missed.
    one = case([group("E11.9"), group("E11.69")], result(predicted("E11.65")), chapters={"E11.65": "4"})
    found = ERRORS.measure([one])
    assert (found["errors.sibling"], found["errors.category"], found["errors.missed"]) == (1, 0, 1)


def test_a_wrong_seventh_character_is_a_sibling() -> None:
    assert ERRORS.measure([case([group("S83.232A")], result(predicted("S83.232D")))])["errors.sibling"] == 1


def test_usage() -> None:
    free = case([], result(provenance=Provenance(model="offline/1", seconds=0.25)))
    paid = case([], result(provenance=Provenance(model="m", tokens=Tokens(prompt=10, completion=5), seconds=1)))
    assert figures(USAGE, free) == {"tokens": 0, "cost": 0, "seconds": 0.25}
    assert figures(USAGE, free, paid) == {"tokens": 15, "cost": None, "seconds": 1.25}
    assert USAGE.measure([failed()]) == {"tokens": None, "cost": None, "seconds": None}
