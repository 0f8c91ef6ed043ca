"""The catalogue of rules, written from their metadata: ``python -m guardrails.catalogue`` rewrites RULES.md."""

from __future__ import annotations

from pathlib import Path

from guardrails.check import RULE_FAILED
from guardrails.rule import Rule
from guardrails.rules import RULES

FAMILIES = {
    "EV": "Evidence",
    "CM": "ICD-10-CM conventions",
    "SQ": "Sequencing",
    "PO": "Present on admission",
    "AG": "Age",
    "PC": "ICD-10-PCS",
    "HC": "HCPCS and CPT",
    "NC": "National Correct Coding Initiative",
    "PY": "Payer",
    "DC": "Documentation",
    "RN": "Run integrity and policy",
}


def catalogue() -> str:
    """RULES.md as it should read."""
    lines = [
        "# Rules",
        "",
        "Written by `python -m guardrails.catalogue` from the rules' own metadata; a test compares. A `block` cannot be",
        "right, a `review` is for a person to judge, a `note` is for information. Where a rule gives some hits another",
        f"severity, its description says so. {RULE_FAILED} is what any rule becomes when it cannot be run: a block.",
        "Cases that fire and cases that stay silent stand beside each rule in `guardrails/rules/`.",
    ]
    for family, title in FAMILIES.items():
        rules = sorted((rule for rule in RULES if rule.id.startswith(family)), key=lambda rule: rule.id)
        lines += ["", f"## {family} · {title}", "", "| id | rule | severity | in force | source |", "|---|---|---|---|---|"]
        lines += [_row(rule) for rule in rules]
        lines += [""] + [f"**{rule.id} {rule.title}.** {rule.about}\n" for rule in rules]
    return "\n".join(lines).rstrip() + "\n"


def _row(rule: Rule) -> str:
    force = f"{rule.start.isoformat()} on" if rule.end is None else f"{rule.start.isoformat()} to {rule.end.isoformat()}"
    return f"| {rule.id} | {rule.title} | {rule.severity} | {force} | {rule.source} |"


if __name__ == "__main__":
    Path(__file__).with_name("RULES.md").write_text(catalogue(), encoding="utf-8")
