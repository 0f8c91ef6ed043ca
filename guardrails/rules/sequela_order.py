"""SQ-008: sequela codes reported before what they left."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

_SEQUELAE = ("B90-B94", "E64", "E68", "G09", "G65", "O94")
_INJURIES = ("S00-T88",)
_SEVENTH = 7


@rule(
    "SQ-008",
    title="Sequela order",
    severity="review",
    source="Official Guidelines I.B.10 and I.C.19.a",
)
def sequela_order(coded: CodedChart) -> Iterator[Hit]:
    """What is left of an illness or injury is reported first and the sequela code second, so a sequela code neither
    leads nor stands alone; and the code of the acute phase is not reported beside its own sequela."""
    causes = set(coded.covered("V00-Y99"))
    for diagnosis in coded.known:
        if not _is_sequela(coded, diagnosis):
            continue
        residual = [other for other in coded.diagnoses if other is not diagnosis and other not in causes]
        if diagnosis.leads or not residual:
            yield Hit(f"{diagnosis.title}: what the sequela left is reported first.", (diagnosis.name,))
        for acute in coded.known:
            if len(acute.code) > _SEVENTH and acute.code[:-1] == diagnosis.code[:-1] and acute is not diagnosis:
                names = (diagnosis.name, acute.name)
                yield Hit("An injury is not reported together with its own sequela.", names)


def _is_sequela(coded: CodedChart, diagnosis: Diagnosis) -> bool:
    if diagnosis in coded.covered(*_SEQUELAE):
        return True
    return len(diagnosis.code) > _SEVENTH and diagnosis.code.endswith("S") and diagnosis in coded.covered(*_INJURIES)
