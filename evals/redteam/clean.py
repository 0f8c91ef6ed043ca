"""A gold chart as the draft a careful person would hand in: the codes of its gold with the evidence the gold marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codebook.book import BookError, CodeBook, open_book
from codebook.poa import poa_exempt
from evals.gold import GoldChart, GoldCode, Tier
from records.chart import Chart


@dataclass(frozen=True)
class Item:
    """One gold group as a draft entry: its first code, which codes are as right, and the quotes the gold marks."""

    code: str
    any_of: tuple[str, ...]
    tier: Tier
    entry: dict[str, Any]

    @property
    def evidence(self) -> list[dict[str, str]]:
        """Its citations."""
        return [dict(citation) for citation in self.entry["evidence"]]

    def changed(self, **fields: Any) -> dict[str, Any]:
        """The entry with other fields."""
        return {**self.entry, **fields}


@dataclass(frozen=True)
class Clean:
    """A gold chart with its untouched draft entries, the leading one first."""

    id: str
    chart: Chart
    book: CodeBook
    items: tuple[Item, ...]

    @property
    def right(self) -> frozenset[str]:
        """Every code that is right for the chart."""
        return frozenset(code for item in self.items for code in item.any_of)

    def of(self, tier: Tier) -> tuple[Item, ...]:
        """The items of one tier."""
        return tuple(item for item in self.items if item.tier == tier)

    def draft(self, item: Item | None = None, entry: dict[str, Any] | None = None, *more: dict[str, Any]) -> dict[str, Any]:
        """The draft of the ``must`` codes; with ``item`` it stands among them, as ``entry`` where one is given."""
        kept = [one for one in self.items if one.tier == "must" or one is item]
        entries = [entry if one is item and entry is not None else one.entry for one in kept]
        return {"codes": self.led([*entries, *more])}

    def whole(self) -> dict[str, Any]:
        """The draft of all codes, ``may`` ones included."""
        return {"codes": self.led([item.entry for item in self.items])}

    def led(self, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries in their order; where none leads, the first one does."""
        roles = [entry["role"] for entry in entries]
        if self.leading in roles or not entries:
            return list(entries)
        return [{**entries[0], "role": self.leading}, *entries[1:]]

    @property
    def leading(self) -> str:
        """The role of the leading diagnosis on this chart's claim."""
        return self.chart.encounter.leading_role


def clean_of(gold_chart: GoldChart) -> Clean | None:
    """The untouched draft of a gold chart; None when the chart, its book or all marked evidence is missing."""
    if gold_chart.chart is None:
        return None
    try:
        book = open_book(gold_chart.chart.encounter.code_set_date)
    except BookError:
        return None
    groups = [group for group in gold_chart.gold.codes if group.evidence]
    first = set(gold_chart.gold.first_listed or ())
    lead = next((group for group in groups if first & set(group.any_of)), None)
    if lead is not None:
        groups = [lead, *(group for group in groups if group is not lead)]
    items = tuple(_item(gold_chart.chart, group, first, group is lead) for group in groups)
    return Clean(gold_chart.id, gold_chart.chart, book, items) if items else None


def _item(chart: Chart, group: GoldCode, first: set[str], leads: bool) -> Item:
    code = next((one for one in group.any_of if leads and one in first), group.any_of[0])
    entry: dict[str, Any] = {
        "code": code,
        "role": chart.encounter.leading_role if leads else "secondary",
        "evidence": [{"document": span.document, "quote": span.text} for span in group.evidence or ()],
    }
    if chart.encounter.reports_poa:
        entry["poa"] = "exempt" if poa_exempt(code) else (group.poa or "Y")
    return Item(code, group.any_of, group.tier, entry)
