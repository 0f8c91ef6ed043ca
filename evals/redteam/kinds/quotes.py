"""Evidence that is not the code's: moved, altered, out of another chart, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.redteam.clean import Item
from evals.redteam.seed import Bench, Seeded

_WORD = re.compile(r"[A-Za-z]{4,}")
_OTHER_WORDS = ("acute", "chronic", "severe", "mild", "recurrent", "bilateral", "lower", "upper", "left", "right", "stable")


def moved(bench: Bench) -> Iterator[Seeded]:
    """A code with the evidence of another code of the chart, one that has no word in common with its own."""
    for item in bench.shuffled(bench.clean.items):
        for other in bench.shuffled(bench.clean.items):
            if other.code[:3] != item.code[:3] and not set(other.any_of) & set(item.any_of) and not _words(other) & _words(item):
                draft = bench.clean.draft(item, item.changed(evidence=other.evidence))
                yield Seeded(bench.clean.chart, draft, item.code, item)
                break


def _words(item: Item) -> set[str]:
    return {word.lower() for citation in item.evidence for word in _WORD.findall(citation["quote"])}


def altered(bench: Bench) -> Iterator[Seeded]:
    """Every quote with one word changed, dropped or added."""
    for item in bench.shuffled(bench.clean.items):
        evidence = [{**one, "quote": _altered(bench, one["quote"])} for one in item.evidence]
        if not any(_stands(bench, one) for one in evidence):
            yield Seeded(bench.clean.chart, bench.clean.draft(item, item.changed(evidence=evidence)), item.code, item)


def _altered(bench: Bench, quote: str) -> str:
    words = quote.split()
    place = bench.dice.randrange(len(words))
    other = bench.dice.choice(_OTHER_WORDS)
    if len(words) > 2 and bench.dice.random() < 0.4:
        return " ".join(words[:place] + words[place + 1 :])
    return " ".join([*words[:place], other, *words[place + bench.dice.randrange(2) :]])


def _stands(bench: Bench, citation: dict[str, str]) -> bool:
    document = bench.clean.chart.document(citation["document"])
    return document is None or " ".join(citation["quote"].split()) in " ".join(document.text.split())


def foreign(bench: Bench) -> Iterator[Seeded]:
    """A code with a quote out of another chart that this one does not hold."""
    for item in bench.shuffled(bench.clean.items):
        for _, stranger in bench.strangers():
            document = item.evidence[0]["document"]
            evidence = [{"document": document, "quote": one["quote"]} for one in stranger.evidence]
            if not any(_stands(bench, one) for one in evidence):
                yield Seeded(bench.clean.chart, bench.clean.draft(item, item.changed(evidence=evidence)), item.code, item)
                break


def missing(bench: Bench) -> Iterator[Seeded]:
    """A code without evidence."""
    for item in bench.shuffled(bench.clean.items):
        yield Seeded(bench.clean.chart, bench.clean.draft(item, item.changed(evidence=[])), item.code, item)
