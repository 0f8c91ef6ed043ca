"""SQ-011: sepsis with the infection it came from and the organs it harmed."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule
from guardrails.tables import table

_SEVERE = "R65.2"
_SHOCK = "R65.21"
_AFTER_PROCEDURE = ("T81.44", "T81.12", "O86.04")
# Dysfunctions that sepsis causes more often than anything else does when both are reported.
_TELLING = ("N17", "J96.0", "J80", "D65", "G93.41", "K72.0", "G72.81", "G62.81")


@rule(
    "SQ-011",
    title="Sepsis",
    severity="review",
    source="Official Guidelines I.C.1.d.1-5",
)
def sepsis(coded: CodedChart) -> Iterator[Hit]:
    """Sepsis stands before an infection of one place, unless it was not present on admission; then the infection leads. Severe
    sepsis says which organ failed, an organ failure beside sepsis is said to be of it or not, and after a procedure the shock
    is T81.12. What stands where is judged by a person: only the chart says what brought the patient in. The codes are
    tables/sepsis.toml; that severe sepsis never leads is SQ-005."""
    systemic = _part(coded, "systemic")
    severe = coded.covered(_SEVERE)
    organs = _part(coded, "organ")
    yield from _before_the_localized(coded, systemic)
    for diagnosis in severe:
        if diagnosis not in coded.covered(_SHOCK) and not organs:
            yield Hit(f"{diagnosis.title} needs the organ dysfunction it came with.", (diagnosis.name,))
    for shock in coded.covered(_SHOCK):
        if after := coded.covered(*_AFTER_PROCEDURE):
            names = (shock.name, *(one.name for one in after))
            yield Hit("Septic shock after a procedure is T81.12, not R65.21.", names)
    telling = coded.covered(*_TELLING)
    if systemic and telling and not severe and not coded.covered("T81.12"):
        names = (*(one.name for one in systemic), *(one.name for one in telling))
        yield Hit("Sepsis with an acute organ dysfunction: R65.2 if the sepsis caused it; where that is unclear, a query.", names)


def _before_the_localized(coded: CodedChart, systemic: tuple[Diagnosis, ...]) -> Iterator[Hit]:
    for localized in _part(coded, "localized"):
        for one in systemic:
            names = (one.name, localized.name)
            if one.assignment.poa == "N":
                if one.leads:
                    yield Hit(f"{one.title} came after admission: {localized.title} is reported before it.", names)
            elif localized.leads:
                yield Hit(f"{one.title} belongs before {localized.title}, unless it came after admission.", names)


def _part(coded: CodedChart, part: str) -> tuple[Diagnosis, ...]:
    on = coded.encounter.code_set_date
    rows = [row for row in table("sepsis") if row.facts["part"] == part and row.in_force(on)]
    return tuple(dict.fromkeys(diagnosis for row in rows for diagnosis in coded.covered(*row.codes)))
