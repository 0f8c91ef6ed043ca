"""SQ-009: the order of drug effects, poisonings and their manifestations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

_INTENT = re.compile(r"^T(?:3[6-9]|4\d|50)\.(?:..|.X)([1-6])")
_ADVERSE, _UNDERDOSING = "5", "6"


@rule(
    "SQ-009",
    title="Drug effect order",
    severity="review",
    source="Official Guidelines I.C.19.e.5",
)
def drug_effect_order(coded: CodedChart) -> Iterator[Hit]:
    """The nature of an adverse effect is reported before the drug's T code, which therefore neither leads nor stands
    alone. A poisoning's T code comes before its manifestations: when one is reported and a chapter 18 symptom or
    another condition leads, a person looks at the order. Underdosing is rule SQ-005."""
    others = [d for d in coded.diagnoses if d not in coded.covered("T36-T50", "V00-Y99", "Z00-Z99")]
    for diagnosis in coded.covered("T36-T50"):
        found = _INTENT.match(diagnosis.code)
        if found is None or found.group(1) == _UNDERDOSING:
            continue
        if found.group(1) == _ADVERSE:
            if diagnosis.leads or not any(other.sequence < diagnosis.sequence for other in others):
                message = f"{diagnosis.title}: the nature of the adverse effect is reported first."
                yield Hit(message, (diagnosis.name,))
        elif any(other.leads and other in coded.covered("R00-R99") for other in others):
            yield Hit(f"{diagnosis.title}: a poisoning is reported before its manifestations.", (diagnosis.name,))
