"""Mentions of one condition brought together: what the chart says of each code, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.models.offline.observations import Candidate, Mention
from agent.models.offline.ranges import within

CLOSING = frozenset({"assessment", "plan", "assessment_plan", "impression", "diagnosis", "mdm", "addendum"})
STORY = frozenset(
    {
        "chief_complaint",
        "hpi",
        "clinical_history",
        "indication",
        "hospital_course",
        "other",
        "procedure",
        "findings",
        "microscopic",
    }
)
REASON = frozenset({"chief_complaint", "hpi", "clinical_history", "indication"})
# Where a document says in a few words what the encounter is for.
PURPOSE = frozenset({"chief_complaint", "clinical_history", "indication"})
# Where a report says why the study was made.
REPORT_REASON = frozenset({"clinical_history", "indication"})
SYMPTOM = "R00-R99 M25.4-M25.6 M54 M79.1 M79.6 H57.1 H92 H93.1 N64.4 K59.0 L29 G89 M62.83 N63 M79.8 H53.1 H93.8"


@dataclass
class Condition:
    """One code with every mention that leads to it, in the order of the chart."""

    code: str
    description: str
    complete: bool
    mentions: list[Mention] = field(default_factory=list)

    @property
    def symptom(self) -> bool:
        """Whether the code stands for a symptom, a sign or a finding."""
        return within(self.code, SYMPTOM)

    @property
    def status(self) -> bool:
        """Whether the code is of chapter 21."""
        return self.code[0] == "Z"

    @property
    def external(self) -> bool:
        """Whether the code is of chapter 20."""
        return self.code[0] in "VWXY"

    def asserted(self, assertions: tuple[str, ...]) -> list[Mention]:
        """The mentions that are meant in one of these ways."""
        return [one for one in self.mentions if one.assertion in assertions]


def gather(mentions: tuple[Mention, ...]) -> list[Condition]:
    """The conditions the mentions speak of, by their best candidate, in the order of the chart."""
    found: dict[str, Condition] = {}
    for mention in mentions:
        best = best_of(mention)
        if best is not None and not mention.ambiguous:
            found.setdefault(best.code, Condition(best.code, best.description, best.complete)).mentions.append(mention)
    return list(found.values())


def best_of(mention: Mention) -> Candidate | None:
    """The first complete candidate, else the first; None when there is none."""
    return next((one for one in mention.candidates if one.complete), mention.candidates[0] if mention.candidates else None)
