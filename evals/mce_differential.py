"""The rules beside the Medicare Code Editor: ``python -m evals.mce_differential [--lists FILE]``.

Random inpatient facility claims are given to the rules and to ``msdrg``, a port of CMS's own editor, and every code that one of
them stops and the other does not is counted with its reason. FILE is a file of the editor's lists, as ``chartproof codebook
import`` takes it in; without it the rules have this project's own tables. Exit code 1: a disagreement has no reason. ``msdrg``
is a dependency of the tests only, so nothing else imports this.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from msdrg.mce import MceEditor

from codebook import holdings
from codebook.book import CodeBook, open_book
from codebook.importing import ImportFault, import_files
from codebook.mce import BOOK
from evals.mce_claims import Claim, claims
from evals.mce_sides import KINDS, NEVER_PRINCIPAL, Editor, Stop, ours
from guardrails.tables import rows_of

# The editor and the Tabular List of the package are both in force.
ON = date(2026, 6, 15)
SAMPLE, SEED = 10_000, 1
NOT_HELD = "no list of this edit is held"
PUBLISHED_ONLY = "the code is known from the published list only"
UNKNOWN_AGE = "the editor takes an unknown age for 0"
UNKNOWN_SEX = "the editor lets an unknown sex have no code of either sex"
TITLE = "an age of a guideline, a note or a title"
GUIDELINE = "never first by a guideline, and not on the editor's list"
OTHER_UPDATE = "taken off the editor's list after the release held"
OTHER_EDIT = "the other side stops the code by another edit"
UNEXPLAINED = "UNEXPLAINED"
_PUBLISHED = frozenset({"sex conflict", "manifestation principal", "unacceptable principal"})


@dataclass
class Comparison:
    """What was counted, a code of a claim at a time: stopped by both by kind; by one side only by kind and reason, with the
    codes."""

    both: Counter[str] = field(default_factory=Counter)
    only_ours: defaultdict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    only_theirs: defaultdict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def unexplained(self) -> int:
        """How many disagreements have no reason."""
        return sum(
            codes.total() for side in (self.only_ours, self.only_theirs) for (_, why), codes in side.items() if why == UNEXPLAINED
        )


def compare(asked: Iterable[Claim], book: CodeBook, editor: Editor) -> Comparison:
    """Every claim by both sides."""
    found = Comparison()
    for claim in asked:
        mine, theirs = ours(claim, book), editor.stops(claim)
        found.both.update(stop.kind for stop in theirs & mine.keys())
        for stop in mine.keys() - theirs:
            why = _why_only_ours(stop, mine[stop], theirs, claim, book, editor)
            found.only_ours[stop.kind, why][stop.code] += 1
        for stop in theirs - mine.keys():
            found.only_theirs[stop.kind, _why_only_theirs(stop, mine.keys(), claim)][stop.code] += 1
    return found


def _why_only_ours(stop: Stop, rules: set[str], theirs: set[Stop], claim: Claim, book: CodeBook, editor: Editor) -> str:
    if _by_another_edit(stop, theirs):
        return OTHER_EDIT
    if stop.kind == "age conflict" and rows_of("ages", book, stop.code, claim.discharge_date):
        return TITLE
    if rules == {"SQ-005"}:
        return GUIDELINE
    held = holdings.find(BOOK, claim.discharge_date)
    if held is not None and stop in editor.stops(replace(claim, discharge_date=held.release.start)):
        return OTHER_UPDATE
    return UNEXPLAINED


def _why_only_theirs(stop: Stop, mine: Iterable[Stop], claim: Claim) -> str:
    if stop.kind not in KINDS:
        return NOT_HELD
    if _by_another_edit(stop, mine):
        return OTHER_EDIT
    if stop.kind == "age conflict" and claim.age is None:
        return UNKNOWN_AGE
    if stop.kind == "sex conflict" and claim.sex == "unknown":
        return UNKNOWN_SEX
    if stop.kind in _PUBLISHED and holdings.find(BOOK, claim.discharge_date) is None:
        return PUBLISHED_ONLY
    return UNEXPLAINED


def _by_another_edit(stop: Stop, others: Iterable[Stop]) -> bool:
    """Whether the other side calls the code invalid, or takes it for no principal diagnosis for another reason."""
    kinds = {other.kind for other in others if other.code == stop.code}
    return "invalid code" in kinds or (stop.kind in NEVER_PRINCIPAL and not NEVER_PRINCIPAL.isdisjoint(kinds))


def lines(found: Comparison) -> Iterator[str]:
    """The figures for people: by kind, then every disagreement with its reason and its most frequent codes."""
    yield f"{'edit':<28}{'both':>8}{'only ours':>11}{'only theirs':>13}"
    sides = {"only ours": found.only_ours, "only theirs": found.only_theirs}
    kinds = [*KINDS, *sorted({kind for side in sides.values() for kind, _ in side} - KINDS.keys())]
    for kind in kinds:
        counts = [sum(codes.total() for (other, _), codes in side.items() if other == kind) for side in sides.values()]
        yield f"{kind:<28}{found.both[kind]:>8}{counts[0]:>11}{counts[1]:>13}"
    for name, side in sides.items():
        for (kind, why), codes in sorted(side.items(), key=lambda item: -item[1].total()):
            most = " ".join(code for code, _ in codes.most_common(5))
            yield f"{codes.total():>6} {name}, {kind}: {why} ({len(codes)} codes: {most})"
    yield f"{found.unexplained} disagreements without a reason"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m evals.mce_differential", description="The rules beside the Medicare Code Editor."
    )
    parser.add_argument("--lists", type=Path, help="a file of the editor's lists; without it, this project's own tables")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many claims")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chartproof-mce-") as home:
        os.environ["CHARTPROOF_HOME"] = home
        try:
            for taken in import_files([given.lists], (None, None), ON) if given.lists else ():
                print(f"lists of {taken.release.id}, in force to {taken.release.end}")
        except ImportFault as error:
            print(f"evals: {error}", file=sys.stderr)
            return 2
        book = open_book(ON)
        with MceEditor() as editor:
            found = compare(claims(book, ON, given.sample, given.seed), book, Editor(editor))
    print("\n".join(lines(found)))
    return 1 if found.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
