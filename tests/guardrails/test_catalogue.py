"""The catalogue, the registration and the metadata of the rules."""

import ast
import re
from importlib.resources import files

from codebook.reference import is_reference
from guardrails.catalogue import FAMILIES, catalogue
from guardrails.check import RULE_FAILED, rules_sha256
from guardrails.rules import RULES
from guardrails.tables import table


def test_rules_md_is_what_the_metadata_says() -> None:
    written = files("guardrails").joinpath("RULES.md").read_text(encoding="utf-8")
    assert written == catalogue(), "run: python -m guardrails.catalogue"


def test_ids_are_unique_and_of_a_known_family() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert RULE_FAILED not in ids
    assert all(re.fullmatch(r"[A-Z]{2}-\d{3}", id) and id[:2] in FAMILIES for id in ids)


def test_every_rule_states_a_source_and_what_it_checks() -> None:
    for rule in RULES:
        assert rule.source, rule.id
        assert len(rule.about) > 40, rule.id
        assert rule.severity in ("note", "review", "block")


def test_every_rule_file_is_registered() -> None:
    names = {entry.name for entry in files("guardrails.rules").iterdir()}
    modules = {name.removesuffix(".py") for name in names if name.endswith(".py") and name != "__init__.py"}
    assert modules == {rule.check.__name__ for rule in RULES}


def test_rules_read_no_clock_and_open_no_door() -> None:
    for entry in files("guardrails.rules").iterdir():
        if entry.name.endswith(".py"):
            for node in ast.walk(ast.parse(entry.read_text(encoding="utf-8"))):
                imported = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
                imported |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
                assert not {name.split(".")[0] for name in imported} & {"time", "os", "socket", "urllib", "openai"}, entry.name
                assert not (isinstance(node, ast.Attribute) and node.attr in ("today", "now")), entry.name


def test_every_table_row_names_its_source() -> None:
    for entry in files("guardrails").joinpath("tables").iterdir():
        if entry.name.endswith(".toml") and entry.name != "integral_symptoms.toml":
            assert all(row.source and row.reason for row in table(entry.name.removesuffix(".toml"))), entry.name


def test_every_table_row_names_codes_by_reference() -> None:
    for entry in files("guardrails").joinpath("tables").iterdir():
        for row in table(entry.name.removesuffix(".toml")) if entry.name.endswith(".toml") else ():
            assert all(map(is_reference, (*row.codes, *row.without, *row.partners))), (entry.name, row.reason)


def test_integral_symptoms_are_never_more_than_a_review() -> None:
    assert next(rule for rule in RULES if rule.id == "EV-018").severity == "review"


def test_the_rule_set_has_one_hash() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", rules_sha256())
