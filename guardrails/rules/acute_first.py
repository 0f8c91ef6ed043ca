"""SQ-014: the acute and the chronic form of one condition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

_ACUITY = re.compile(r"\b(acute|subacute|chronic)\b")


@rule(
    "SQ-014",
    title="Acute before chronic",
    severity="review",
    source="Official Guidelines I.B.8",
)
def acute_first(coded: CodedChart) -> Iterator[Hit]:
    """When one condition is coded as acute or subacute and as chronic, the acute code stands first. It is one condition where
    the titles of the two codes differ by that word alone; a pair that an Excludes1 note keeps apart is rule CM-005."""
    forms = [(diagnosis, *_form(diagnosis)) for diagnosis in coded.known]
    for chronic, acuity, rest in forms:
        for acute, other, same in forms:
            early = acuity == "chronic" and other in ("acute", "subacute") and chronic.sequence < acute.sequence
            if early and rest == same and coded.book.excludes1(chronic.code, acute.code) is None:
                yield Hit(f"{acute.title} stands before {chronic.title}.", (acute.name, chronic.name))


def _form(diagnosis: Diagnosis) -> tuple[str, str]:
    """The acuity a title says, and the title without it; two empty words for one that says none, or more than one."""
    title = diagnosis.entry.description.lower() if diagnosis.entry is not None else ""
    found = _ACUITY.findall(title)
    return (found[0], " ".join(_ACUITY.sub(" ", title).split())) if len(found) == 1 else ("", "")
