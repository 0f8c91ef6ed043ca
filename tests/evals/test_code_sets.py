"""Conventions on bare code sets: what is left out, what is blocked, what is only reviewed."""

from pathlib import Path

import pytest

from codebook.book import open_book
from evals.code_sets import ON, lines, main, stops


def test_sets_are_counted_by_their_worst_finding() -> None:
    found = stops([["I10", "E11.9"], ["I10", "N18.30"], ["I10", "I10"], ["E11", "I10"], []], open_book(ON))
    assert (found.sets, found.left_out, found.blocked, found.reviewed) == (3, 2, 1, 1)
    assert found.by_rule["CM-011", "review"] == found.by_rule["CM-010", "block"] == 1
    assert any("N18.30" in line for line in lines(found, pairs=True))


def test_the_command_prints_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text('{"id": "a", "icd10cm": ["I10"]}\n')
    bad.write_text('{"id": "a"}\n')
    assert main([str(good)]) == 0
    assert "1 sets looked at" in capsys.readouterr().out
    assert main([str(bad)]) == 2
