"""A seeded error: a draft that is right but for one thing, and which code that thing is about."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evals.redteam.clean import Clean, Item
from records.chart import Chart


@dataclass(frozen=True)
class Seeded:
    """One draft with one error. ``code`` is the broken code as the draft spells it; ``item`` the gold item it was made of.

    ``chart`` is the gold chart, or that chart with one more line where the error needs words the chart does not hold.
    """

    chart: Chart
    draft: dict[str, Any]
    code: str
    item: Item | None = None


@dataclass(frozen=True)
class Bench:
    """What a kind of error may be made of: this chart, the other charts of the set, and the dice of this chart and kind."""

    clean: Clean
    others: Sequence[Clean]
    dice: random.Random

    def shuffled(self, things: Sequence[Any]) -> list[Any]:
        """The things in an order of chance that is the same every time."""
        return self.dice.sample(list(things), len(things))

    def strangers(self) -> Iterator[tuple[Clean, Item]]:
        """Items of other charts whose category this chart does not have: conditions the patient does not have."""
        own = {code[:3] for code in self.clean.right}
        pairs = [(other, item) for other in self.others for item in other.items if item.code[:3] not in own]
        yield from self.shuffled(pairs)


Maker = Callable[[Bench], Iterator[Seeded]]


def swapped(bench: Bench, item: Item, code: str) -> Seeded:
    """The item under another code, all else as it was."""
    return Seeded(bench.clean.chart, bench.clean.draft(item, item.changed(code=code)), code, item)


def added(bench: Bench, code: str, evidence: list[dict[str, str]], chart: Chart | None = None, first: bool = False) -> Seeded:
    """One more code beside the right ones, on the chart or on one that was given a line."""
    entry: dict[str, Any] = {"code": code, "role": "secondary", "evidence": evidence}
    if bench.clean.chart.encounter.reports_poa:
        entry["poa"] = "Y"
    draft = bench.clean.draft(None, None, entry)
    if first:
        rest = [{**one, "role": "secondary"} for one in draft["codes"] if one is not entry]
        draft = {"codes": [{**entry, "role": bench.clean.leading}, *rest]}
    return Seeded(chart or bench.clean.chart, draft, code)


def with_line(chart: Chart, line: str, heading: str = "") -> tuple[Chart, str]:
    """The chart with a line at the end of its first document by a provider, and that document's id."""
    fields = chart.model_dump()
    document = next((one for one in fields["documents"] if one["author_role"] == "physician"), fields["documents"][0])
    document["text"] = document["text"].rstrip("\n") + "\n\n" + (f"{heading}\n\n" if heading else "") + line + "\n"
    return Chart.model_validate(fields), str(document["id"])


def with_document(chart: Chart, text: str, **fields: Any) -> tuple[Chart, str]:
    """The chart with one more document, a provider's unless the fields say otherwise, and that document's id."""
    held = chart.model_dump()
    document = {"id": f"document-{len(chart.documents) + 1}", "kind": "note", "author_role": "physician", "text": text} | fields
    held["documents"] = [*held["documents"], document]
    return Chart.model_validate(held), str(document["id"])
