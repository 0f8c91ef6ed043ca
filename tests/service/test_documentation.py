"""All is documented: every command, field of a result, key of front matter, environment variable and exit code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from records.code import Citation, CodeAssignment, Considered
from records.finding import Disposition, Finding
from records.formats.facts import DOCUMENT_FACTS, ENCOUNTER_FACTS
from records.query import Query
from records.result import CodingResult, Cost, Fallback, Provenance, Tokens, ToolCallRecord
from service.cli.app import app
from service.cli.options import INTERRUPTED

ROOT = Path(__file__).parents[2]
ROOMS = ("records", "codebook", "tools", "prompts", "guardrails", "agent", "service", "evals")
TEXT = (ROOT / "service" / "README.md").read_text(encoding="utf-8")
MANUALS = "\n".join(
    path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "evals/README.md")
)
VARIABLE = re.compile(r"CHARTPROOF_[A-Z_]*[A-Z]")
RECORDS = (CodingResult, CodeAssignment, Considered, Citation, Finding, Query, Provenance, ToolCallRecord, Tokens, Cost, Fallback)


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_of_a_result_is_documented(record: type[CodingResult]) -> None:
    assert [name for name in record.model_fields if f"`{name}`" not in TEXT] == []


def test_every_fact_disposition_and_exit_code_is_documented() -> None:
    names = [*ENCOUNTER_FACTS, *DOCUMENT_FACTS, *Disposition]
    assert [name for name in names if f"`{name}`" not in TEXT] == []
    assert f"{INTERRUPTED} stopped by Ctrl-C" in TEXT


def commands(group: object, path: str) -> Iterator[str]:
    below = getattr(group, "commands", None)
    if below is None:
        yield path
    for name, command in (below or {}).items():
        yield from commands(command, f"{path} {name}")


def test_every_command_is_documented() -> None:
    # ``chartproof eval SET`` is what people write for the command "eval run".
    named = [name for name in commands(typer.main.get_command(app), "chartproof") if name != "chartproof eval run"]
    assert len(named) > 15
    assert [name for name in named if name not in TEXT + MANUALS] == []
    assert [name for name in named if " ".join(name.split()[:2]) not in TEXT] == []


def test_every_environment_variable_is_listed() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    used = {*VARIABLE.findall(code), *VARIABLE.findall(MANUALS)} - {"CHARTPROOF_EMBEDDER"}
    listed = set(VARIABLE.findall(TEXT.split("## The environment")[1].split("\n## ")[0]))
    assert used == listed
