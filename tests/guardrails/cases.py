"""The cases beside the rules: reading them and making coded charts of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib.resources import files
from typing import Any

import pytest

from agent.grounding import assign
from codebook import hcpcs, mce, ncci, payer, pcs
from codebook.book import CodeBook, open_book
from guardrails.coded_chart import CodedChart, RunFacts
from guardrails.policy import Policy, load_policy
from records.chart import Chart
from records.code import Citation, Draft, DraftCode

OUTPATIENT = {"id": "case", "patient_class": "outpatient", "claim_type": "professional", "service_date": "2026-06-15"}
INPATIENT = {
    "id": "case",
    "patient_class": "inpatient",
    "claim_type": "facility",
    "admit_date": "2026-06-12",
    "discharge_date": "2026-06-15",
}
_TABLES = {"mce": mce, "ncci": ncci, "hcpcs": hcpcs, "pcs": pcs}
_ANSWERS: dict[str, type[Any]] = {
    "mce.mce_lists": mce.MceLists,
    "ncci.ptp_edit": ncci.PtpEdit,
    "ncci.mue": ncci.Mue,
    "ncci.add_on": ncci.AddOn,
    "hcpcs.service": hcpcs.Service,
    "hcpcs.modifier": hcpcs.Service,
    "pcs.procedure": pcs.Procedure,
}
NOTE = {"id": "note", "kind": "office_visit_note", "author_role": "physician"}


@dataclass(frozen=True)
class Case:
    """One named example of a rule's file: a coded chart, and the codes the rule must name (empty: it is silent)."""

    rule: str
    name: str
    fires: bool
    fields: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule}-{'fires' if self.fires else 'silent'}-{self.name}"


@cache
def book(on: str) -> CodeBook:
    return open_book(date.fromisoformat(on))


def cases() -> list[Case]:
    """Every case of every file beside the rules."""
    found = []
    for entry in sorted(files("guardrails.rules").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            content = tomllib.loads(entry.read_text(encoding="utf-8"))
            for kind in ("fires", "silent"):
                for name, fields in content.get(kind, {}).items():
                    found.append(Case(entry.name.removesuffix(".toml"), name, kind == "fires", fields))
    return found


def coded(case: Case) -> CodedChart:
    """The coded chart of a case. What the case leaves out is an outpatient office note by a physician."""
    fields = case.fields
    base = INPATIENT if fields.get("inpatient") else OUTPATIENT
    documents = fields.get("documents") or [{"text": fields.get("text", "ASSESSMENT\n\nNothing else.\n")}]
    chart = Chart.model_validate(
        {
            "encounter": base | fields.get("encounter", {}),
            "documents": [NOTE | {"id": "note" if len(documents) == 1 else f"note{n}"} | d for n, d in enumerate(documents, 1)],
        }
    )
    held = book(chart.encounter.code_set_date.isoformat())
    drafted = tuple(_code(number, code, chart) for number, code in enumerate(fields.get("codes", []), 1))
    return CodedChart(
        chart=chart,
        codes=assign(Draft(codes=drafted), chart, held),
        book=held,
        policy=_policy(fields.get("policy", "supervised"), fields.get("policy_fields", {})),
        run=RunFacts(**fields.get("run", {})),
    )


@contextmanager
def answering(case: Case) -> Iterator[None]:
    """While a case is run, the imported tables answer what it says; those it does not name are as they are."""
    with pytest.MonkeyPatch.context() as patch:
        for name, fields in case.fields.get("answers", {}).items():
            if name == "payer.rules":
                patch.setattr(payer, "payer_rules", partial(payer.PayerRules.model_validate, fields))
                continue
            room, _, function = name.partition(".")
            patch.setattr(_TABLES[room], function, partial(_answer, _ANSWERS[name], fields))
        yield


def _answer(kind: type[Any], fields: dict[str, Any], code: str, *_: Any) -> Any:
    held = {"release": "made-2026", "in_force": fields.get("in_force", True)}
    told = {name: value for name, value in fields.items() if name not in ("only", "in_force")}
    own = {} if "code" not in kind.model_fields else {"code": code}
    return kind.model_validate(held | own | (told if code in fields.get("only", [code]) else {}))


def _policy(name: str, changed: dict[str, Any]) -> Policy:
    return Policy.model_validate(load_policy(name).model_dump() | changed)


def _code(number: int, fields: dict[str, Any] | str, chart: Chart) -> DraftCode:
    if isinstance(fields, str):
        fields = {"code": fields}
    default = chart.encounter.leading_role if number == 1 else "secondary"
    placed = {fields.get("in", chart.documents[0].id): fields.get("quotes", [])} | fields.get("evidence_in", {})
    return DraftCode.model_validate(
        {"role": default}
        | {key: value for key, value in fields.items() if key not in ("quotes", "in", "evidence_in")}
        | {"evidence": [Citation(document=document, quote=quote) for document, quotes in placed.items() for quote in quotes]}
    )
