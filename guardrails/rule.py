"""What a rule is: one function with its official source beside it, made by ``@rule``.

A rule reads a coded chart and yields hits. It does nothing else: no clock, no network, no model, no change to a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from guardrails.coded_chart import CodedChart
from records.chart import Span
from records.finding import Finding, Severity

ICD10CM_BEGINS = date(2015, 10, 1)


@dataclass(frozen=True)
class Hit:
    """One thing a rule found. ``message`` is for a coder and holds words of the books only, never of the chart.

    ``severity`` replaces the rule's own where one rule knows both certain and doubtful cases.
    """

    message: str
    codes: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    severity: Severity | None = None


Check = Callable[[CodedChart], Iterable[Hit]]


@dataclass(frozen=True)
class Rule:
    """A check with its metadata. ``start`` and ``end`` (inclusive) are the code-set dates it is in force for."""

    id: str
    title: str
    severity: Severity
    source: str
    check: Check = field(compare=False)
    start: date = ICD10CM_BEGINS
    end: date | None = None

    @property
    def about(self) -> str:
        """The first paragraph of the check's docstring, for the catalogue."""
        return " ".join((self.check.__doc__ or "").strip().split("\n\n")[0].split())

    def in_force(self, on: date) -> bool:
        """Whether the rule applies to a chart coded with the releases of that date."""
        return self.start <= on and (self.end is None or on <= self.end)

    def findings(self, coded: CodedChart) -> tuple[Finding, ...]:
        """The rule's hits as findings, in the order they were found."""
        return tuple(self._finding(hit) for hit in self.check(coded))

    def _finding(self, hit: Hit) -> Finding:
        return Finding(
            rule_id=self.id,
            severity=hit.severity or self.severity,
            message=hit.message,
            codes=hit.codes,
            spans=hit.spans,
            source=self.source,
        )


def rule(
    id: str,
    *,
    title: str,
    severity: Severity,
    source: str,
    start: date = ICD10CM_BEGINS,
    end: date | None = None,
) -> Callable[[Check], Rule]:
    """Make the decorated check a Rule. ``source`` names the publication and section the check enforces."""

    def made(check: Check) -> Rule:
        return Rule(id=id, title=title, severity=severity, source=source, check=check, start=start, end=end)

    return made


class UnloadableRule(Exception):
    """A rule whose file could not be loaded, so that it could not be asked."""


def unloadable(name: str, why: str) -> Rule:
    """A rule that stands for one whose file could not be loaded: it fails on every chart, which is then blocked."""

    def check(_: CodedChart) -> Iterable[Hit]:
        raise UnloadableRule(why)

    return Rule(
        id=name, title="Not loaded", severity="block", source="chartproof: a rule that fails stops the chart", check=check
    )
