"""RN-006: runs made with another release, or with instructions nobody released."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule


@rule(
    "RN-006",
    title="Prompt or release mismatch",
    severity="review",
    source="chartproof: codes are proven by the release and the prompt they were made with",
)
def run_versions(coded: CodedChart) -> Iterator[Hit]:
    """The release the codes are checked against is one they were looked up in, and the instructions of the run are a released
    prompt, where the run or the draft says what it was made with. Otherwise every code goes to a person."""
    names = tuple(dict.fromkeys(assignment.code for assignment in coded.codes))
    if coded.run.releases and coded.book.release.id not in coded.run.releases:
        yield Hit(f"The codes were not looked up in {coded.book.release.id}, the release of the chart's date.", names)
    if coded.run.unreleased_prompt:
        yield Hit("The instructions of the run are no released prompt.", names)
