"""EV-014: evidence whose words do not reach the code."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
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
        if not support.reaches and not diagnosis.reached_in_context:
            missing = f" It says nothing of: {', '.join(support.missing)}." if support.missing else ""
            spans = tuple(judged.span for judged in diagnosis.weighed)
            message = f"The evidence does not reach {diagnosis.title}.{missing}"
            yield Hit(message, (diagnosis.name,), spans)
