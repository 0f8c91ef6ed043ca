"""Small gold charts and results, made in the tests that need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.case import Case
from evals.gold import Gold, GoldChart
from records.chart import Chart
from records.code import Citation, CodeAssignment
from records.finding import Disposition
from records.result import CodingResult

TEXT = "Type 2 diabetes, poorly controlled. Hypertension and CKD 3a. Denies chest pain."
OUTPATIENT = {"patient_class": "outpatient", "claim_type": "professional", "service_date": "2026-06-15"}
INPATIENT = {"patient_class": "inpatient", "claim_type": "facility", "discharge_date": "2026-06-15"}


def chart(text: str = TEXT, encounter: Mapping[str, str] = OUTPATIENT) -> Chart:
    return Chart.model_validate({"encounter": encounter, "documents": [{"id": "note", "text": text}]})


def group(*codes: str, tier: str = "must", quotes: Sequence[str] | None = None, **more: Any) -> dict[str, Any]:
    """A gold group; its evidence is where the quotes stand in TEXT."""
    evidence = None if quotes is None else [_span(quote) for quote in quotes]
    return {"any_of": list(codes), "tier": tier, **({} if evidence is None else {"evidence": evidence}), **more}


def _span(quote: str) -> dict[str, Any]:
    start = TEXT.index(quote)
    return {"document": "note", "start": start, "end": start + len(quote), "text": quote}


def predicted(
    code: str, *quotes: str, sequence: int = 1, role: str = "secondary", poa: str | None = None, unfound: int = 0
) -> Any:
    return CodeAssignment.model_validate(
        {
            "system": "icd10cm",
            "code": code,
            "role": role,
            "sequence": sequence,
            "poa": poa,
            "evidence": [_span(quote) for quote in quotes],
            "ungrounded": [Citation(document="note", quote="never written")] * unfound,
        }
    )


def result(*codes: CodeAssignment, disposition: str = "coder_review", **more: Any) -> CodingResult:
    ordered = [code.model_copy(update={"sequence": number}) for number, code in enumerate(codes, 1)]
    return CodingResult(id="one", codes=tuple(ordered), disposition=Disposition(disposition), **more)


def case(
    groups: Sequence[dict[str, Any]],
    outcome: CodingResult | None,
    scores: Mapping[str, float] | None = None,
    chapters: Mapping[str, str] | None = None,
    labels: Sequence[str] | None = None,
    encounter: Mapping[str, str] = OUTPATIENT,
    **gold: Any,
) -> Case:
    told = Gold.model_validate({"codes": groups, **gold})
    space = None if labels is None else frozenset(labels)
    return Case(GoldChart("one", told, chart(encounter=encounter), space), outcome, scores or {}, chapters or {})
