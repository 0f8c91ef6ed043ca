"""Rules on code sets without charts: ``python -m evals.code_sets SETS.jsonl``. A false-alarm test on sets people coded.

Each line is ``{"id": ..., "icd10cm": [...]}``. A set with a code that is not billable in the release of the day asked for is left
out. Order, presence on admission, age and evidence are not in such sets, so only the rules of conventions that need none of
them are run, and every stop is counted, blocks and reviews apart.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from codebook.book import BookError, CodeBook, open_book
from guardrails.check import check
from guardrails.coded_chart import CodedChart
from guardrails.policy import load_policy
from guardrails.rules import RULES
from records.chart import Chart
from records.code import CodeAssignment
from records.finding import Finding

ON = date(2026, 6, 15)
# Code first is about order; the rest of the conventions hold for any set of codes.
RULES_OF_SETS = tuple(rule for rule in RULES if rule.id.startswith("CM") and rule.id not in ("CM-002", "CM-007"))


@dataclass
class Stops:
    """What was counted: the sets looked at, those left out, those blocked, those only reviewed, and the pairs by rule."""

    sets: int = 0
    left_out: int = 0
    blocked: int = 0
    reviewed: int = 0
    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)


def stops(sets: Sequence[Sequence[str]], book: CodeBook) -> Stops:
    """The stops of the conventions over the sets."""
    found = Stops()
    for codes in sets:
        spelled = [book.normalise(code) or code for code in codes]
        entries = [book.entry(code) for code in spelled]
        if not spelled or any(entry is None or not entry.billable for entry in entries):
            found.left_out += 1
            continue
        found.sets += 1
        _count(found, _findings(spelled, book))
    return found


def _findings(codes: Sequence[str], book: CodeBook) -> tuple[Finding, ...]:
    encounter = {"id": "set", "patient_class": "outpatient", "claim_type": "professional", "service_date": ON.isoformat()}
    chart = Chart.model_validate({"encounter": encounter, "documents": [{"id": "none", "kind": "note", "text": "none"}]})
    given = tuple(
        CodeAssignment(system="icd10cm", code=code, role="secondary", sequence=number) for number, code in enumerate(codes, 1)
    )
    return check(CodedChart(chart=chart, codes=given, book=book, policy=load_policy("straight_through")), RULES_OF_SETS)


def _count(found: Stops, findings: Sequence[Finding]) -> None:
    severities = {finding.severity for finding in findings}
    found.blocked += "block" in severities
    found.reviewed += "block" not in severities and "review" in severities
    found.by_rule.update({(finding.rule_id, finding.severity) for finding in findings if finding.severity != "note"})
    found.codes.update((finding.rule_id, finding.codes) for finding in findings if finding.severity != "note")


def _sets(path: Path) -> Iterator[list[str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            value: Any = json.loads(line)
            if not isinstance(value, dict) or not isinstance(value.get("icd10cm"), list):
                raise ValueError(f"line {number} has no list icd10cm")
            yield [str(code) for code in value["icd10cm"]]


def lines(found: Stops, pairs: bool = False) -> Iterator[str]:
    """The figures for people."""
    whole = max(1, found.sets)
    yield f"{found.sets} sets looked at, {found.left_out} left out (a code is not billable)"
    yield f"blocked       {found.blocked:>4}  {100 * found.blocked / whole:.1f} %"
    yield f"review only   {found.reviewed:>4}  {100 * found.reviewed / whole:.1f} %"
    yield from (
        f"  {rule} {severity:<6} {count:>4} sets  {100 * count / whole:.1f} %"
        for (rule, severity), count in found.by_rule.most_common()
    )
    if pairs:
        yield from (f"  {count:>3} x {rule} {' '.join(codes)}" for (rule, codes), count in found.codes.most_common())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.code_sets", description="Rules on code sets without charts.")
    parser.add_argument("sets", type=Path)
    parser.add_argument("--pairs", action="store_true", help="list the codes each finding names")
    given = parser.parse_args(arguments)
    try:
        found = stops(list(_sets(given.sets)), open_book(ON))
    except (OSError, ValueError, BookError) as error:
        print(f"evals: {given.sets}: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines(found, given.pairs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
