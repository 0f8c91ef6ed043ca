"""Figures in charts and in titles: every figure has one code, and the borders lie where the titles say."""

from datetime import date

import pytest

from codebook.book import CodeBook, open_book
from codebook.measures import Measure, measured, measures


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


def titles(book: CodeBook, measure: Measure) -> dict[str, str]:
    category = measure.codes[0][:3]
    return {code: title for code, title, billable, _ in book.rows_below(category) if billable}


@pytest.mark.parametrize("measure", measures(), ids=lambda measure: measure.name)
def test_every_code_of_a_measure_gives_a_range_or_says_that_none_is_known(book: CodeBook, measure: Measure) -> None:
    covered = {code: title for code, title in titles(book, measure).items() if code.startswith(measure.codes)}
    without = {code for code, title in covered.items() if measure.bounds(title) is None}
    assert covered
    assert without <= {"Z3A.00", "Y90.9"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IUP 28w4d", "Z3A.28"),
        ("pregnancy at 7 weeks gestation", "Z3A.01"),
        ("43 weeks gestation", "Z3A.49"),
        ("BMI 19.94", "Z68.1"),
        ("BMI: 24.97 kg/m2", "Z68.24"),
        ("BMI 29.9", "Z68.29"),
        ("Body mass index 70", "Z68.45"),
        ("BMI 4th percentile", "Z68.51"),
        ("BMI 17.2 (85th %ile)", "Z68.53"),
        ("NIHSS on arrival 9", "R29.709"),
        ("GCS 8", "R40.243"),
        ("GCS of 13", "R40.241"),
        ("EtOH 79", "Y90.3"),
        ("BAC 0.318", "Y90.8"),
        ("9.5% TBSA", "T31.0"),
    ],
)
def test_a_figure_has_one_code(book: CodeBook, text: str, code: str) -> None:
    measure = next(one for one in measures() if code.startswith(one.codes))
    held = titles(book, measure)
    said = {one: found for one in held if one.startswith(measure.codes) and (found := measured(one, held, [text])) is not None}
    assert [one for one, found in said.items() if found.agrees] == [code]
    assert {found.codes for one, found in said.items() if one != code} <= {(code,)}


@pytest.mark.parametrize("text", ["obese", "BMI today", "alcohol on breath", "weight 41.2", ""])
def test_words_without_a_figure_say_nothing_of_the_code(book: CodeBook, text: str) -> None:
    for measure in measures():
        held = titles(book, measure)
        assert all(measured(code, held, [text]) is None for code in held)
