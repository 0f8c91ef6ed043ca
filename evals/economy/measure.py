"""Tokens a chart: the loop's conversation beside the naive prompt that pastes the chart and a list of codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from agent.coding import code_chart
from codebook.book import CodeBook, open_book
from evals.economy.charts import long_chart
from evals.economy.reader import EconomicalReader, codes_of_text
from guardrails.policy import load_policy
from records.chart import Chart

# There is no tokenizer here; the same share is taken of both sides, so the ratio does not hang on it.
CHARS_PER_TOKEN = 4
SIZES = ((20, 40_000, 4), (50, 100_000, 6), (100, 200_000, 8))
NAIVE = "You are a medical coder. Here are the codes and the chart. Answer with the codes that apply, each with a quote.\n"


@dataclass(frozen=True)
class Economy:
    """What one chart costs each way, in tokens. ``sent`` counts every turn whole; ``fresh`` leaves out what was sent before."""

    documents: int
    characters: int
    codes: tuple[str, ...]
    same_codes: bool
    unread: int
    turns: int
    sent: int
    fresh: int
    naive_all_codes: int
    naive_categories: int

    @property
    def ratio(self) -> float:
        """How many times the naive prompt with the list of all codes costs of what the loop sends."""
        return self.naive_all_codes / self.sent


def measure() -> Iterator[Economy]:
    """Every size of chart."""
    for seed, (documents, characters, conditions) in enumerate(SIZES):
        yield economy(long_chart(documents, characters, conditions, seed))


def economy(chart: Chart) -> Economy:
    """One chart, read by the scripted reader both ways."""
    book = open_book(chart.encounter.code_set_date)
    expected = codes_of_text(chart, book)
    reader = EconomicalReader()
    result = code_chart(chart.encounter.id, chart, reader, load_policy("supervised"))
    found = [code.code for code in result.codes]
    text = "".join(document.text for document in chart.documents)
    answered = len(json.dumps(expected))
    return Economy(
        documents=len(chart.documents),
        characters=len(text),
        codes=tuple(found),
        same_codes=sorted(found) == sorted(expected) and all(code.evidence for code in result.codes),
        unread=sum(finding.rule_id == "RN-003" for finding in result.findings),
        turns=len(reader.sent),
        sent=(sum(map(len, reader.sent)) + reader.written) // CHARS_PER_TOKEN,
        fresh=(_fresh(reader.sent) + reader.written) // CHARS_PER_TOKEN,
        naive_all_codes=(len(NAIVE) + len(text) + code_list(book, billable=True) + answered) // CHARS_PER_TOKEN,
        naive_categories=(len(NAIVE) + len(text) + code_list(book, billable=False) + answered) // CHARS_PER_TOKEN,
    )


def code_list(book: CodeBook, billable: bool) -> int:
    """The characters of the list a naive prompt pastes: every billable code, or the categories alone."""
    return sum(
        len(code) + len(description) + 2
        for code, description, can_be_billed, _ in book.entries()
        if (can_be_billed if billable else len(code) == 3 and code[0].isalpha())
    )


def _fresh(sent: list[str]) -> int:
    """Characters beyond what begins as the request before it did."""
    before, fresh = "", 0
    for one in sent:
        differing = (place for place, (old, new) in enumerate(zip(before, one, strict=False)) if old != new)
        same = next(differing, min(len(before), len(one)))
        fresh += len(one) - same
        before = one
    return fresh
