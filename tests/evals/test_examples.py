"""The project's own gold: codes that are valid on the chart's date, spans that stand in it, traps that tempt."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest

from codebook.book import open_book
from codebook.poa import poa_exempt
from evals.gold import GoldChart, read_gold
from evals.suite import read_suite

EVALS = Path(str(files("evals")))
SUITES = ("outpatient", "emergency", "radiology", "pathology", "inpatient", "redteam", "unseen")
GOLD = {name: tuple(read_gold(EVALS / "gold" / name)) for name in ("examples", *SUITES)}
CHARTS = [chart for charts in GOLD.values() for chart in charts]
OWN = [chart for name in SUITES for chart in GOLD[name]]

of_each_chart = pytest.mark.parametrize("example", CHARTS, ids=lambda example: example.id)


@of_each_chart
def test_the_chart_can_be_read_and_has_codes(example: GoldChart) -> None:
    assert example.error == ""
    assert example.chart is not None
    assert example.gold.tier("must") or example.gold.expects_query


@of_each_chart
def test_every_code_is_billable_on_the_charts_date(example: GoldChart) -> None:
    assert example.chart is not None
    book = open_book(example.chart.encounter.code_set_date)
    assert book.in_force
    told = [code for group in example.gold.codes for code in group.any_of]
    told += [*(example.gold.first_listed or ()), *(trap.code for trap in example.gold.traps or ())]
    assert [code for code in told if not ((entry := book.entry(code)) and entry.billable)] == []


@of_each_chart
def test_every_code_has_evidence_and_every_span_is_verbatim(example: GoldChart) -> None:
    assert example.chart is not None
    for group in example.gold.codes:
        assert group.evidence, group.any_of
        for span in group.evidence:
            document = example.chart.document(span.document)
            assert document is not None
            assert document.text[span.start : span.end] == span.text != ""


@of_each_chart
def test_every_trap_quotes_the_chart_and_is_wrong(example: GoldChart) -> None:
    assert example.chart is not None
    right = {code for group in example.gold.codes for code in group.any_of}
    for trap in example.gold.traps or ():
        assert trap.quote
        assert trap.why_not
        assert any(trap.quote in document.text for document in example.chart.documents)
        assert trap.code not in right


@of_each_chart
def test_first_listed_is_one_of_the_codes(example: GoldChart) -> None:
    right = {code for group in example.gold.codes for code in group.any_of}
    assert set(example.gold.first_listed or ()) <= right


@of_each_chart
def test_no_code_stands_in_two_groups(example: GoldChart) -> None:
    told = [code for group in example.gold.codes for code in group.any_of]
    assert len(told) == len(set(told))


@of_each_chart
def test_no_two_codes_that_must_be_there_exclude_each_other(example: GoldChart) -> None:
    assert example.chart is not None
    book = open_book(example.chart.encounter.code_set_date)
    groups = [group.any_of for group in example.gold.tier("must")]
    assert not [
        (one, other)
        for one, other in combinations(groups, 2)
        if all(book.excludes1(a, b) or book.excludes1(b, a) for a in one for b in other)
    ]


@of_each_chart
def test_presence_on_admission_is_told_where_it_is_reported(example: GoldChart) -> None:
    assert example.chart is not None
    told = [group for group in example.gold.codes if group.poa]
    assert not told or example.chart.encounter.reports_poa
    assert not [group.any_of for group in told if any(map(poa_exempt, group.any_of))]


@of_each_chart
def test_an_expected_query_quotes_the_chart(example: GoldChart) -> None:
    assert example.chart is not None
    for quote in (example.gold.query or {}).get("quotes", ()):
        assert any(quote in document.text for document in example.chart.documents)


def test_no_id_and_no_text_stands_twice() -> None:
    assert len({chart.id for chart in CHARTS}) == len(CHARTS)
    texts = [document.text for chart in CHARTS if chart.chart for document in chart.chart.documents]
    assert len(set(texts)) == len(texts)


def test_there_are_at_least_sixty_charts() -> None:
    assert len(OWN) >= 60
    assert all(len(GOLD[name]) >= 6 for name in SUITES)


def test_in_a_fifth_of_them_a_diagnosis_tempts_and_a_symptom_or_a_reason_for_the_visit_leads() -> None:
    tempting = [chart for chart in OWN if chart.gold.traps and all(code[0] in "RZ" for code in chart.gold.first_listed or ("",))]
    assert 5 * len(tempting) >= len(OWN)


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_reads_its_folder(name: str) -> None:
    suite = read_suite(EVALS / "suites" / f"{name}.toml")
    assert suite.name == name
    assert [chart.id for chart in suite.gold()] == [chart.id for chart in GOLD[name]]
