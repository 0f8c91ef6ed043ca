"""What an installation holds: every module and every data file of every room, not only what an editable install finds."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("records", "codebook", "tools", "prompts", "guardrails", "agent", "service", "evals")


def in_tree() -> set[str]:
    """Every file of the rooms but what Python and editors leave behind."""
    return {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".") and path.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from a copy of the tree: building where it stands would leave traces there."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    program = "from setuptools import build_meta; print(build_meta.build_wheel('dist'))"
    done = subprocess.run([sys.executable, "-c", program], cwd=copy, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    with zipfile.ZipFile(copy / "dist" / done.stdout.splitlines()[-1]) as archive:
        return set(archive.namelist())


def test_every_module_and_data_file_is_installed(wheel: set[str]) -> None:
    assert in_tree() - wheel == set()


def test_every_package_is_named() -> None:
    named = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    assert named == {Path(path).parent.as_posix().replace("/", ".") for path in in_tree() if path.endswith("/__init__.py")}
