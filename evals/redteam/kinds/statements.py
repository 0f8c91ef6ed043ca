"""Statements that are no diagnosis: a condition of another chart, said here to be absent, past, doubtful or somebody else's.

The condition is named in the words another chart's gold marks, in a line added to this chart, and coded as if it were there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.redteam.clean import Item
from evals.redteam.data import table
from evals.redteam.seed import Bench, Seeded, added, with_line

# A name to put into a sentence: a few words without a sentence of their own, saying nothing of how they are meant.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 ,/'-]{3,50}")
_SAYS_MORE = re.compile(
    r"positive|negative|endors|due to|reveal"
    r"|histor|\bno\b|\bnot\b|deni|without|family|father|mother|possible|likely|\bif\b|status|resolved|improv|continue|\bper\b|plan"
    r"|\b(?:is|are|was|were|has|have|had|he|she|her|his|will|who|that|there|presents?|shows?|lives?)\b",
    re.IGNORECASE,
)
# Codes that say a present condition of the patient: not status, history, external cause or encounter, nothing past, no drug.
_CONDITIONS = re.compile(r"(?!I25\.2|T3[6-9]|T4|T50)[A-TU].*(?<!S)$")
_SEEN_IN_RESULTS = re.compile(r"R[7-9]")


def names(bench: Bench) -> Iterator[tuple[Item, str]]:
    """Conditions of other charts that this patient does not have, each with the plain name its evidence gives it."""
    for _, item in bench.strangers():
        if _CONDITIONS.match(item.code) and not _SEEN_IN_RESULTS.match(item.code):
            name = next((found for one in item.evidence if (found := plain_name(one["quote"]))), "")
            if name:
                yield item, name


def plain_name(quote: str) -> str:
    """The quote as a name to put into a sentence; empty when it is more, or less, than that."""
    name = quote.strip().rstrip(".:;,")
    plain = _NAME.fullmatch(name) and not _SAYS_MORE.search(name) and len(name.split()) <= 6
    if not plain:
        return ""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def _said(bench: Bench, kind: str, whole: bool = True) -> Iterator[Seeded]:
    rows = [row for row in table("statements") if row["kind"] == kind]
    for number, (item, name) in enumerate(names(bench)):
        row = rows[(number + bench.dice.randrange(len(rows))) % len(rows)]
        line = row["line"].replace("{x}", name)
        line = line[0].upper() + line[1:]
        chart, document = with_line(bench.clean.chart, line, row["section"])
        quote = line.rstrip(".") if whole else name
        if whole or name in line:
            yield added(bench, item.code, [{"document": document, "quote": quote}], chart)


def negated(bench: Bench) -> Iterator[Seeded]:
    """A condition the line denies, quoted with its denial."""
    yield from _said(bench, "negated")


def cut(bench: Bench) -> Iterator[Seeded]:
    """A condition the line denies, quoted without its denial. The words stand nowhere else in the chart."""
    for seeded in _said(bench, "negated", whole=False):
        quote = str(seeded.draft["codes"][-1]["evidence"][0]["quote"])
        if sum(document.text.lower().count(quote.lower()) for document in seeded.chart.documents) == 1:
            yield seeded


def family(bench: Bench) -> Iterator[Seeded]:
    """A condition of a relative."""
    yield from _said(bench, "family")


def historical(bench: Bench) -> Iterator[Seeded]:
    """A condition that is over."""
    yield from _said(bench, "historical")


def hypothetical(bench: Bench) -> Iterator[Seeded]:
    """A condition that might come."""
    yield from _said(bench, "hypothetical")


def other_person(bench: Bench) -> Iterator[Seeded]:
    """A condition of somebody who is no relative, or of one who was visited."""
    yield from _said(bench, "other_person")


def uncertain(bench: Bench) -> Iterator[Seeded]:
    """A condition that is only suspected, on a claim that codes what is certain."""
    if not bench.clean.chart.encounter.codes_uncertain_diagnoses:
        yield from _said(bench, "uncertain")
