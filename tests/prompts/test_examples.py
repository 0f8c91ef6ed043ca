"""The few-shot examples: their quotes stand in their text, their codes in the book, and a changed one is noticed."""

from datetime import date

import pytest

from codebook.book import open_book
from prompts import examples
from prompts.examples import ExampleError, examples_sha256, load, read
from prompts.library import PromptError, releases, render

LABELS = list(releases().examples)
GOOD = """
[[example]]
title = "t"
text = "Cough.\\nNo fever."
codes = [{ code = "R05.9", evidence = [{ line = 1, quote = "Cough" }], why = "w" }]
considered = [{ code = "R50.9", evidence = [{ line = 2, quote = "No fever" }], why = "w" }]
"""


@pytest.mark.parametrize("label", LABELS)
def test_the_examples_of_every_version_are_as_released(label: str) -> None:
    assert examples_sha256(label) == releases().examples[label], f"if they are new, live.toml must say {examples_sha256(label)}"
    assert load(label, releases().examples[label])


@pytest.mark.parametrize("label", LABELS)
def test_every_code_is_in_the_book_and_what_is_handed_in_is_billable(label: str) -> None:
    book = open_book(date(2026, 6, 15))
    for example in load(label, releases().examples[label]):
        assert [code.role for code in example.codes].count("secondary") == len(example.codes) - 1
        for code in (*example.codes, *example.considered):
            entry = book.entry(code.code)
            assert entry is not None, code.code
            assert entry.billable, code.code


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('quote = "Cough"', 'quote = "Coughs"', "R05.9: the quote is not on line 1"),
        ("line = 2", "line = 1", "R50.9: the quote is not on line 1"),
        ("line = 2", "line = 3", "R50.9: the quote is not on line 3"),
        ('quote = "Cough"', 'quote = ""', "at least 1 character"),
        ('title = "t"', "", "Field required"),
        ("[[example]]", "[[zebra]]", "Field required"),
        ('title = "t"', "title = ", "Invalid value"),
    ],
)
def test_what_is_wrong_with_an_example_is_told_at_load(old: str, new: str, said: str) -> None:
    assert read("x/v1", GOOD)
    with pytest.raises(ExampleError, match=said):
        read("x/v1", GOOD.replace(old, new))


def test_a_prompt_whose_examples_were_changed_is_not_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "examples_sha256", lambda label: "0" * 64)
    examples.load.cache_clear()
    with pytest.raises(PromptError, match="changed after their release"):
        render("coder_radiology", patient_class="x", leading_role="y", codes_uncertain_diagnoses=False, reports_poa=False)
