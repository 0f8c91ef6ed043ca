"""EV-021: conditions that are only listed."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_LISTS = frozenset({"pmh", "psh", "problem_list", "medications", "allergies"})
# Histories, statuses and long-term drugs are what such lists are for (I.C.21.c.3-4).
_LISTED_BY_NATURE = ("Z00-Z99", "V00-Y99", "I25.2", "T36-T50")


@rule(
    "EV-021",
    title="Condition only listed",
    severity="review",
    source="Official Guidelines III and IV.J: evaluated, treated, or affecting care",
)
def only_listed(coded: CodedChart) -> Iterator[Hit]:
    """A condition whose evidence stands only in a list (past history, problem list, medications) goes to a person: the
    encounter must have evaluated or treated it, or it must have affected care."""
    exempt = set(coded.covered(*_LISTED_BY_NATURE))
    for diagnosis in coded.known:
        if diagnosis in exempt or not diagnosis.usable:
            continue
        if all(judged.section in _LISTS for judged in diagnosis.usable):
            spans = tuple(judged.span for judged in diagnosis.usable)
            yield Hit(f"{diagnosis.title} is only listed: nothing shows that it was cared for.", (diagnosis.name,), spans)
