"""The gold of the example charts: codes that are valid on the chart's date, spans that stand in it, traps that tempt."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from codebook.book import open_book
from evals.gold import GoldChart, read_gold

EXAMPLES = read_gold(Path(str(files("evals").joinpath("gold", "examples"))))

pytestmark = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)


def test_the_chart_can_be_read_and_has_codes(example: GoldChart) -> None:
    assert example.error == ""
    assert example.chart is not None
    assert example.gold.tier("must") or example.gold.expects_query


def test_every_code_is_billable_on_the_charts_date(example: GoldChart) -> None:
    assert example.chart is not None
    book = open_book(example.chart.encounter.code_set_date)
    assert book.in_force
    told = [code for group in example.gold.codes for code in group.any_of]
    told += [*(example.gold.first_listed or ()), *(trap.code for trap in example.gold.traps or ())]
    assert [code for code in told if not ((entry := book.entry(code)) and entry.billable)] == []


def test_every_span_is_verbatim(example: GoldChart) -> None:
    assert example.chart is not None
    spans = [span for group in example.gold.codes for span in group.evidence or ()]
    assert spans
    for span in spans:
        document = example.chart.document(span.document)
        assert document is not None
        assert document.text[span.start : span.end] == span.text != ""


def test_every_trap_quotes_the_chart_and_is_wrong(example: GoldChart) -> None:
    assert example.chart is not None
    right = {code for group in example.gold.codes for code in group.any_of}
    for trap in example.gold.traps or ():
        assert any(trap.quote in document.text for document in example.chart.documents)
        assert trap.code not in right


def test_first_listed_is_one_of_the_codes(example: GoldChart) -> None:
    right = {code for group in example.gold.codes for code in group.any_of}
    assert set(example.gold.first_listed or ()) <= right


def test_no_code_stands_in_two_groups(example: GoldChart) -> None:
    told = [code for group in example.gold.codes for code in group.any_of]
    assert len(told) == len(set(told))
