"""EV-014: evidence whose words do not reach the code."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.conventions import partners
from guardrails.rule import Hit, rule


@rule(
    "EV-014",
    title="Evidence does not support the code",
    severity="review",
    source="Official Guidelines I.B.2 and I.B.18: the code says what the record documents, and no more",
)
def evidence_support(coded: CodedChart) -> Iterator[Hit]:
    """The words of the evidence, together, reach the code's own vocabulary: its description, its inclusion terms, what
    stands above it, and synonyms. Evidence for something else, and codes that say more than the chart does (a cause, an
    organism, a severity, a complication without words for it), do not."""
    for diagnosis in coded.known:
        if not diagnosis.weighed:
            continue
        support = coded.book.support(diagnosis.code, diagnosis.detailed)
        if not (support.reaches or diagnosis.reached_in_context or _secondary_to_coded(coded, diagnosis, support.missing)):
            missing = f" It says nothing of: {', '.join(support.missing)}." if support.missing else ""
            spans = tuple(judged.span for judged in diagnosis.weighed)
            message = f"The evidence does not reach {diagnosis.title}.{missing}"
            yield Hit(message, (diagnosis.name,), spans)


def _secondary_to_coded(coded: CodedChart, diagnosis: Diagnosis, missing: tuple[str, ...]) -> bool:
    """Whether all the quotes leave out is that the condition is secondary, and what its code first note names is coded."""
    return missing == ("secondary",) and bool(partners(coded, diagnosis, "code_first", named_only=True))
