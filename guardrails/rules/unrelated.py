"""CM-014: combination codes for conditions the provider calls unrelated."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.statements import stated
from guardrails.tables import rows_of

_DENIED = (
    r"\b(?:unrelated to|not (?:felt to be |thought to be )?(?:related|attributed|attributable|secondary|due)(?: to)?"
    r"|independent of|rather than|not (?:caused|explained) by|not a (?:complication|consequence|manifestation) of)"
    r"(?: (?:the|his|her|their|patient's|known|underlying|longstanding|essential|chronic|systemic|type [12]|or|and|to"
    r"|diabetes|hypertension)){0,4} "
)
# Said of a condition however it is asserted: "not due to" reads as a denial, and it is one.
_ANY = frozenset({"present", "absent", "uncertain", "historical"})


@rule(
    "CM-014",
    title="Combined though called unrelated",
    severity="review",
    source="Official Guidelines I.A.15, I.C.9.a and I.C.9.b",
)
def unrelated(coded: CodedChart) -> Iterator[Hit]:
    """Conditions the classification presumes to be related are coded apart when the provider says clearly that they are not. A
    combination code beside such a statement (kidney disease not due to hypertension, neuropathy unrelated to diabetes) is for
    a person. What each combination presumes is tables/unrelated.toml."""
    on = coded.encounter.code_set_date
    for diagnosis in coded.known:
        for row in rows_of("unrelated", coded.book, diagnosis.code, on):
            if spans := tuple(stated(coded.chart, f"{_DENIED}(?:{row.facts['words']})\\b", _ANY)):
                message = f"{diagnosis.title}: the chart calls something unrelated to {row.reason}."
                yield Hit(message, (diagnosis.name,), spans)
