"""SQ-009: the order of drug effects, poisonings, toxic effects and their manifestations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

_INTENT = re.compile(r"^T(?:3[6-9]|4\d|50)\.(?:..|.X)([1-6])")
_ADVERSE, _UNDERDOSING = "5", "6"
_FULL_LENGTH = len("T40.2X1A")
# What may lead in spite of a poisoning or toxic effect: chapter 15, the failure of an insulin pump, abuse or neglect, another
# injury, and what is no disease. Dependence and self-harm are additional, but not what the poisoning did.
_MAY_LEAD = ("O00-O9A", "S00-T34", "T36-T65", "T71-T79", "T85.6", "V00-Y99", "Z00-Z99")


@rule(
    "SQ-009",
    title="Drug effect order",
    severity="review",
    source="Official Guidelines I.C.19.e.5 and I.C.10.b.1",
)
def drug_effect_order(coded: CodedChart) -> Iterator[Hit]:
    """The nature of an adverse effect is reported before the drug's T code, which therefore neither leads nor stands
    alone. The T code of a poisoning or a toxic effect comes before what it did: when a disease or symptom leads instead, a
    person looks at the order. Underdosing is rule SQ-005, a sequela SQ-008."""
    others = [d for d in coded.diagnoses if d not in coded.covered("T36-T50", "V00-Y99", "Z00-Z99")]
    for diagnosis in coded.covered("T36-T50"):
        found = _INTENT.match(diagnosis.code)
        adverse = found is not None and found.group(1) == _ADVERSE
        if adverse and (diagnosis.leads or not any(other.sequence < diagnosis.sequence for other in others)):
            yield Hit(f"{diagnosis.title}: the nature of the adverse effect is reported first.", (diagnosis.name,))
    leading = [d for d in coded.diagnoses if d.leads and d not in coded.covered(*_MAY_LEAD)]
    for diagnosis in coded.covered("T36-T65") if leading else ():
        if _poisons(diagnosis):
            yield Hit(f"{diagnosis.title}: a poisoning or toxic effect is reported before what it did.", (diagnosis.name,))


def _poisons(diagnosis: Diagnosis) -> bool:
    """Whether the code says a poisoning or toxic effect of now; in T51-T65 every code does."""
    if len(diagnosis.code) == _FULL_LENGTH and diagnosis.code.endswith("S"):
        return False
    found = _INTENT.match(diagnosis.code)
    return found is None or found.group(1) not in (_ADVERSE, _UNDERDOSING)
