"""Mutation test of the rules: ``python -m evals.mutants``. Changes one thing in a rule and runs the cases of that rule.

A mutant is killed when a case of its rule no longer comes out as its file says. The sample is the same every time. Exit code 1:
fewer were killed than the bound asks for. It reads the cases of the tests, so it runs from a checkout only.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import signal
import sys
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RULES = ROOT / "guardrails" / "rules"
SAMPLE = 500
BOUND = 0.85
SECONDS_A_MUTANT = 5
_SWAPPED: dict[type[ast.cmpop], str] = {
    ast.Gt: ">=", ast.Lt: "<=", ast.GtE: ">", ast.LtE: "<", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A rule's file with the words of one place replaced."""

    path: Path
    line: int
    before: str
    after: str
    source: str


class TooLong(Exception):
    """A mutant that does not end counts as killed."""


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file: comparisons turned, conditions joined otherwise or dropped, constants changed."""
    source = path.read_text(encoding="utf-8")
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = source.encode()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.expr) or node.end_lineno is None or node.end_col_offset is None:
            continue
        low, high = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        before = raw[low:high].decode()
        for after in _changes(node, source):
            changed = (raw[:low] + after.encode() + raw[high:]).decode()
            yield Mutant(path, node.lineno, before, after, changed)


def _changes(node: ast.expr, source: str) -> Iterator[str]:
    def words(part: ast.AST) -> str:
        return ast.get_source_segment(source, part) or ""

    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPPED:
        yield f"({words(node.left)} {_SWAPPED[type(node.ops[0])]} {words(node.comparators[0])})"
    elif isinstance(node, ast.BoolOp):
        values = [f"({words(value)})" for value in node.values]
        own, other = (" and ", " or ") if isinstance(node.op, ast.And) else (" or ", " and ")
        yield f"({other.join(values)})"
        yield from (f"({own.join(values[:place] + values[place + 1 :])})" for place in range(len(values)))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"({words(node.operand)})"
    elif isinstance(node, ast.IfExp):
        yield f"({words(node.body)})"
        yield f"({words(node.orelse)})"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield str(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield str(node.value + 1)
    elif isinstance(node, ast.Constant) and node.value in ("block", "review"):
        yield repr("note")


def survives(mutant: Mutant, cases: Sequence[tuple[Any, Any]], answering: Any) -> bool:
    """Whether every case of the rule comes out as before."""
    module = types.ModuleType("mutant")
    module.__dict__["__file__"] = str(mutant.path)
    sys.modules["mutant"] = module
    signal.alarm(SECONDS_A_MUTANT)
    try:
        exec(compile(mutant.source, mutant.path.name, "exec"), module.__dict__)
        rule = getattr(module, mutant.path.stem)
        return all(_comes_out(case, rule, coded, answering) for case, coded in cases)
    except Exception:  # noqa: BLE001 - a mutant that breaks is a mutant that was noticed
        return False
    finally:
        signal.alarm(0)


def _comes_out(case: Any, rule: Any, coded: Any, answering: Any) -> bool:
    with answering(case):
        return _as_written(case, rule.findings(coded))


def _as_written(case: Any, findings: Sequence[Any]) -> bool:
    if not case.fires:
        return not findings
    named = {code for finding in findings for code in finding.codes}
    if not findings or named != set(case.fields.get("finds", [])):
        return False
    return "severity" not in case.fields or {finding.severity for finding in findings} == {case.fields["severity"]}


def _stop(*_: Any) -> None:
    raise TooLong


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.mutants", description="Do the rules' cases notice a changed rule?")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many mutants; 0 takes all")
    parser.add_argument("--survivors", action="store_true", help="list the mutants nothing noticed")
    given = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    from tests.guardrails.cases import answering, cases, coded

    signal.signal(signal.SIGALRM, _stop)
    # As in the tests: no table that somebody imported at home.
    os.environ["CHARTPROOF_HOME"] = tempfile.mkdtemp(prefix="chartproof-mutants-")
    by_rule: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for case in cases():
        by_rule[case.rule].append((case, coded(case)))
    found = [one for path in sorted(RULES.glob("*.py")) if path.stem in by_rule for one in mutants(path)]
    taken = random.Random(1).sample(found, given.sample) if 0 < given.sample < len(found) else found
    began = time.monotonic()
    living = [one for one in taken if survives(one, by_rule[one.path.stem], answering)]
    killed = len(taken) - len(living)
    share = killed / len(taken)
    print(f"{killed} of {len(taken)} mutants killed ({100 * share:.1f} %), of {len(found)}, in {time.monotonic() - began:.0f} s")
    for one in living if given.survivors else ():
        print(f"  {one.path.name}:{one.line}  {' '.join(one.before.split())[:70]}  ->  {' '.join(one.after.split())[:70]}")
    return 0 if share >= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
