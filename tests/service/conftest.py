"""The command line, run inside the process: what it writes, what it complains of, and its exit code."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from agent.model import Model
from service import inputs
from service.cli import main
from tests.agent.scripted import ScriptedModel


class Ran(NamedTuple):
    """One run of the command."""

    code: int
    out: str
    err: str


@pytest.fixture
def chartproof(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run ``chartproof`` with these arguments."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["chartproof", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        code = stopped.value.code
        out, err = capsys.readouterr()
        return Ran(code if isinstance(code, int) else 0, out, err)

    return run


@pytest.fixture
def with_model(monkeypatch: pytest.MonkeyPatch) -> Callable[[Model], None]:
    """Let every run use this model."""
    return lambda model: monkeypatch.setattr(inputs, "open_model", lambda name: model)


@pytest.fixture
def scripted(with_model: Callable[[Model], None]) -> None:
    """A model that hands in the same code for every chart."""
    with_model(ScriptedModel())
