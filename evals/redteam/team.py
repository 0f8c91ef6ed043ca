"""The attack: every kind of error seeded into every chart, the rules run on each draft, and what they caught counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from agent.coding import Checked, check_draft
from evals.gold import GoldChart, Tier
from evals.redteam.clean import Clean, Item, clean_of
from evals.redteam.data import table
from evals.redteam.kinds import MAKERS
from evals.redteam.seed import Bench, Seeded
from guardrails.policy import Policy
from records.finding import Finding

A_CHART = 3
_STRANGERS = 40
# What the operator keeps for a person, draws for audit or asks a score for is no false alarm of a rule.
_POLICY = frozenset({"RN-009", "RN-010", "RN-011", "RN-013"})
TIERS: tuple[Tier, ...] = ("must", "may")


@dataclass(frozen=True)
class Miss:
    """A seeded error nobody found: its chart, the gold code it was made of, and the broken code."""

    chart: str
    kind: str
    of: str
    code: str


@dataclass
class Kind:
    """One kind of error with its count. ``stopped_before``: drafts left out, because the right code was stopped as well."""

    name: str
    title: str
    rules: frozenset[str]
    held: bool
    seeded: int = 0
    caught: int = 0
    stopped_before: int = 0


@dataclass
class Alarms:
    """How many untouched things there were, how many a review or block finding stopped, and by which rules."""

    looked_at: int = 0
    stopped: int = 0
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, findings: Iterable[Finding]) -> None:
        """Count one thing with the findings that stop it."""
        rules = {finding.rule_id for finding in findings} - _POLICY
        self.looked_at += 1
        self.stopped += bool(rules)
        self.rules.update(rules)


@dataclass
class Outcome:
    """What came of an attack."""

    charts: int
    kinds: dict[str, Kind]
    codes: dict[Tier, Alarms]
    whole_charts: Alarms
    misses: list[Miss]


def attack(gold_charts: Sequence[GoldChart], policy: Policy, a_chart: int = A_CHART) -> Outcome:
    """Seed every kind of error into every chart that has codes with evidence, at most ``a_chart`` times each."""
    clean = [found for one in gold_charts if (found := clean_of(one)) is not None]
    kinds = {
        row["kind"]: Kind(row["kind"], row["title"], frozenset(row["rules"]), row["kind"] in MAKERS) for row in table("kinds")
    }
    outcome = Outcome(len(clean), kinds, {tier: Alarms() for tier in TIERS}, Alarms(), [])
    for place, one in enumerate(clean):
        untouched = _untouched(one, policy, outcome)
        others = (clean[place + 1 :] + clean[:place])[:_STRANGERS]
        for kind in kinds.values():
            _seed(kind, one, others, untouched, policy, outcome, a_chart)
    return outcome


def stopping(checked: Checked, code: str = "") -> tuple[Finding, ...]:
    """The findings that keep a chart, or one of its codes, from being final."""
    return tuple(one for one in checked.findings if one.severity != "note" and (not code or code in one.codes))


def _untouched(clean: Clean, policy: Policy, outcome: Outcome) -> dict[str, frozenset[str]]:
    """The rules that stop each code as the gold has it; counted on the way."""
    stopped: dict[str, frozenset[str]] = {}
    for tier, draft in (("must", clean.draft()), ("may", clean.whole())):
        items = [item for item in clean.items if item.tier == tier]
        if not items:
            continue
        checked = check_draft(clean.chart, draft, policy)
        if tier == "must":
            outcome.whole_charts.add(stopping(checked))
        for item in items:
            findings = stopping(checked, item.code)
            outcome.codes[item.tier].add(findings)
            stopped[item.code] = frozenset(finding.rule_id for finding in findings)
    return stopped


def _seed(
    kind: Kind,
    clean: Clean,
    others: Sequence[Clean],
    untouched: dict[str, frozenset[str]],
    policy: Policy,
    outcome: Outcome,
    a_chart: int,
) -> None:
    if not kind.held:
        return
    bench = Bench(clean, others, random.Random(f"{kind.name} {clean.id}"))
    for seeded in islice(_fit(kind, bench, untouched), a_chart):
        kind.seeded += 1
        findings = stopping(check_draft(seeded.chart, seeded.draft, policy), seeded.code)
        if any(finding.rule_id in kind.rules for finding in findings):
            kind.caught += 1
        else:
            outcome.misses.append(Miss(clean.id, kind.name, seeded.item.code if seeded.item else "", seeded.code))


def _fit(kind: Kind, bench: Bench, untouched: dict[str, frozenset[str]]) -> Iterator[Seeded]:
    """The drafts of a kind whose right code is not stopped by the rules of this kind: there an error would show nothing."""
    for seeded in MAKERS[kind.name](bench):
        if seeded.item is not None and _stopped(seeded.item, untouched) & kind.rules:
            kind.stopped_before += 1
        else:
            yield seeded


def _stopped(item: Item, untouched: dict[str, frozenset[str]]) -> frozenset[str]:
    return untouched.get(item.code, frozenset())
