"""The rules of services against tables that answer: pairs, units, add-on codes, validity, payers."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codebook import hcpcs, ncci, payer, pcs
from codebook.importing import import_files
from guardrails.coded_chart import CodedChart
from guardrails.rule import Rule
from guardrails.rules.add_on import add_on
from guardrails.rules.modifier import modifier
from guardrails.rules.payer_policy import payer_policy
from guardrails.rules.procedure_code import procedure_code
from guardrails.rules.ptp_pair import ptp_pair
from guardrails.rules.service_code import service_code
from guardrails.rules.system_held import system_held
from guardrails.rules.units import units
from tests.codebook import cms_files
from tests.guardrails.cases import Case, coded

HELD = {"release": "made-2026", "in_force": True}


def charted(*codes: dict[str, Any], **encounter: Any) -> CodedChart:
    entries = [{"system": "cpt", "role": "procedure", "quotes": ["care"]} | code for code in codes]
    fields = {"text": "PROCEDURE\n\nThis is care.\n", "codes": entries, "encounter": encounter}
    return coded(Case("made", "made", True, fields))


def found(rule: Rule, *codes: dict[str, Any], **encounter: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.severity, finding.codes) for finding in rule.findings(charted(*codes, **encounter))]


@pytest.mark.parametrize(
    ("indicator", "modifiers", "in_force", "expected"),
    [
        (0, [], True, "block"),
        (0, ["59"], True, "block"),
        (1, [], True, "block"),
        (1, ["XU"], True, "review"),
        (0, [], False, "review"),
    ],
)
def test_a_pair_that_is_not_paid_together(
    monkeypatch: pytest.MonkeyPatch, indicator: int, modifiers: list[str], in_force: bool, expected: str
) -> None:
    edit = ncci.PtpEdit(
        edited=True, column_one="11111", column_two="22222", modifier_indicator=indicator, release="r", in_force=in_force
    )
    monkeypatch.setattr(ncci, "ptp_edit", lambda *_: edit)
    assert found(ptp_pair, {"code": "11111"}, {"code": "22222", "modifiers": modifiers}) == [(expected, ("11111", "22222"))]


def test_a_pair_without_an_edit_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ncci, "ptp_edit", lambda *_: ncci.PtpEdit(**HELD))
    assert found(ptp_pair, {"code": "11111"}, {"code": "22222"}) == []


def test_the_table_of_the_setting_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(ncci, "mue", lambda code, on, setting: asked.append(setting) or ncci.Mue(code=code, **HELD))
    found(units, {"code": "11111"})
    found(units, {"code": "11111"}, claim_type="facility")
    assert asked == ["practitioner", "hospital"]


@pytest.mark.parametrize(
    ("indicator", "lines", "expected"),
    [(1, [2, 2], []), (1, [3], ["review"]), (2, [2, 2], ["block"]), (2, [2], []), (3, [1, 2], ["review"]), (3, [2], [])],
)
def test_units_over_the_edit(monkeypatch: pytest.MonkeyPatch, indicator: int, lines: list[int], expected: list[str]) -> None:
    edit = ncci.Mue(code="11111", units=2, adjudication_indicator=indicator, **HELD)
    monkeypatch.setattr(ncci, "mue", lambda *_: edit)
    assert [severity for severity, _ in found(units, *({"code": "11111", "units": n} for n in lines))] == expected


def test_an_add_on_code_needs_a_primary(monkeypatch: pytest.MonkeyPatch) -> None:
    edits = {"11111": ncci.AddOn(code="11111", add_on=True, primaries=frozenset({"22222"}), **HELD)}
    monkeypatch.setattr(ncci, "add_on", lambda code, on: edits.get(code, ncci.AddOn(code=code, **HELD)))
    assert found(add_on, {"code": "11111"}) == [("block", ("11111",))]
    assert found(add_on, {"code": "11111"}, {"code": "22222"}) == []
    edits["11111"] = edits["11111"].model_copy(update={"by_contractor": True})
    assert found(add_on, {"code": "11111"}) == [("review", ("11111",))]


def test_validity_by_the_list_of_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hcpcs, "service", lambda code, on: hcpcs.Service(code=code, system="cpt", valid=code == "11111", **HELD))
    assert found(service_code, {"code": "11111"}) == []
    assert found(service_code, {"code": "22222"}) == [("block", ("22222",))]
    assert found(system_held, {"code": "22222"}) == []
    monkeypatch.setattr(hcpcs, "modifier", lambda code, on: hcpcs.Service(code=code, system="hcpcs", valid=code == "RT", **HELD))
    assert found(modifier, {"code": "11111", "modifiers": ["RT"]}) == []
    assert found(modifier, {"code": "11111", "modifiers": ["QQ"]}) == [("review", ("11111",))]
    monkeypatch.setattr(pcs, "procedure", lambda code, on: pcs.Procedure(code=code, wrong_axis="approach", **HELD))
    assert found(procedure_code, {"code": "0DTJ4ZZ", "system": "icd10pcs"}) == [("block", ("0DTJ4ZZ",))]


@pytest.mark.parametrize(
    ("procedure", "diagnosis", "expected"),
    [
        ("82947", "E11.65", ("note", "E11.65 is on the list of A100")),
        ("82947", "I10", ("review", "No diagnosis of the claim supports the service by A100")),
        ("93000", "I48.91", ("review", "is not settled by A200")),
        ("99213", "I10", None),
    ],
)
def test_articles_of_a_contractor_settle_what_their_lists_can(
    procedure: str, diagnosis: str, expected: tuple[str, str] | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    contractors = '[[coverage]]\npayers = ["Medicare"]\ncontractors = ["04412"]\n'
    (tmp_path / "home" / payer.FILE).write_text(f'version = "1"\n{contractors}')
    diagnoses = {"code": diagnosis, "system": "icd10cm", "role": "first_listed"}

    def said() -> list[tuple[str, str]]:
        fields = charted({"code": procedure}, diagnoses, payer="Medicare")
        return [(one.severity, one.message) for one in payer_policy.findings(fields) if one.codes == (procedure,)]

    assert said() == [("note", "Not all rules of the payer are held: the coverage export is not held.")]
    tables = cms_files.coverage_tables()
    tables["article.csv"] = [[cell.replace("2026-07-14", "2026-06-14") for cell in row] for row in tables["article.csv"]]
    (tmp_path / "current_article.zip").write_bytes(cms_files.coverage(tables))
    import_files([tmp_path / "current_article.zip"], (None, None), date(2026, 8, 1))
    answers = said()
    assert len(answers) == (0 if expected is None else 1)
    for (severity, message), (wanted, part) in zip(answers, [expected] if expected else [], strict=True):
        assert severity == wanted
        assert part in message


def test_the_payers_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"id": "R1", "kind": "ncd", "title": "t", "payers": ("Acme",), "source": "manual", "start": date(2020, 1, 1)}
    service = payer.PayerRule.model_validate({**fields, "procedures": ("11111",), "covered": ("E11",)})
    returned = payer.PayerRule.model_validate({**fields, "id": "R2", "not_covered": ("I10",)})
    monkeypatch.setattr(payer, "payer_rules", lambda: payer.PayerRules(version="1", rule=(service, returned)))
    diagnosis = {"code": "I10", "system": "icd10cm", "role": "first_listed"}
    assert found(payer_policy, {"code": "11111"}, diagnosis, payer="Acme") == [("review", ("11111",)), ("review", ("I10",))]
    assert found(payer_policy, {"code": "11111"}, {**diagnosis, "code": "E11.9"}, payer="Acme") == []
