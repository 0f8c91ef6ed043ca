"""A result in figures, as the log tells it: nothing of it is a word of the chart or of the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from agent.spans import spent_on
from records.finding import Disposition, Finding
from records.result import CodingResult


def verdict(disposition: Disposition, findings: Iterable[Finding]) -> dict[str, Any]:
    """Where the coding goes, and how many findings of each severity there are."""
    counted = Counter(finding.severity for finding in findings)
    return {"disposition": disposition, "blocks": counted["block"], "reviews": counted["review"], "notes": counted["note"]}


def summary(result: CodingResult) -> dict[str, Any]:
    """How a chart ended and what that took. The tokens and the cost are those of the run that was chosen."""
    figures = {"codes": len(result.codes), "queries": len(result.queries), **verdict(result.disposition, result.findings)}
    made = result.provenance
    if made is None:
        return figures
    return {
        **figures,
        **spent_on(made.tokens),
        "cost": made.cost.amount if made.cost else None,
        "turns": made.turns,
        "corrections": made.corrections,
        "tool_calls": len(made.tool_calls),
        "model_seconds": made.model_seconds,
        "fallbacks": len(made.fallbacks),
        "masked": made.masked,
    }
