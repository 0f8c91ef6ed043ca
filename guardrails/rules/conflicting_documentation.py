"""DC-004: documentation that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.statements import PRESENT, pattern, sentence_of, stated
from guardrails.tables import Row, table
from records.chart import Span


@rule(
    "DC-004",
    title="Conflicting documentation",
    severity="review",
    source="Official Guidelines I.A.19 and I.B.14: the provider is queried",
)
def conflicting_documentation(coded: CodedChart) -> Iterator[Hit]:
    """The record does not state two types, stages, severities or intents of one condition, nor another than the code says. A
    person judges, who may query the provider. Which statements exclude each other is tables/conflicts.toml; acute and chronic
    do not. Sides are rule DC-005, a statement and its denial EV-019."""
    on = coded.encounter.code_set_date
    for row in table("conflicts"):
        concerned = coded.covered(*row.codes) if row.in_force(on) else ()
        if not concerned or (row.facts.get("single") and len(concerned) > 1):
            continue
        values = _values(coded, row)
        said = values.keys() | _coded(coded, row) if values else set()
        if len(said) > 1:
            message = f"The record and its codes say {' and '.join(sorted(said))}: {row.reason} is in conflict."
            yield Hit(message, tuple(d.name for d in concerned), tuple(found[0] for found in values.values()))


def _values(coded: CodedChart, row: Row) -> dict[str, list[Span]]:
    """What the record states of the row's matter: the statements by value, where there are any."""
    assertions = frozenset(row.facts.get("assertions", PRESENT))
    near = pattern(row.facts.get("near", ""))
    stating = {name: stated(coded.chart, expression, assertions) for name, expression in row.facts["values"].items()}
    found = {name: [span for span in spans if near.search(sentence_of(coded.chart, span))] for name, spans in stating.items()}
    return {name: spans for name, spans in found.items() if spans}


def _coded(coded: CodedChart, row: Row) -> set[str]:
    """The values that the codes themselves say: with a statement of another, the code is as much in doubt as the chart."""
    return {name for name, codes in row.facts.get("coded", {}).items() if coded.covered(*codes)}
