"""The tool ``draft_query``: the only one that writes, and it writes a draft."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from records.chart import Span
from records.query import Query, QueryKind, QueryReason
from tools.tool import Desk, ToolError

OTHER = "Other (please specify)"
UNDETERMINED = "Unable to determine"


class Indicator(BaseModel):
    """A clinical indicator, by its place in the chart."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    document: str
    line: int = Field(ge=1)
    quote: str = Field(min_length=1)


def draft_query(
    desk: Desk,
    reason: QueryReason,
    title: Annotated[str, Field(description="Names no diagnosis that is not documented.", max_length=120)],
    question: Annotated[str, Field(description="Neutral: directs to no answer, names no code and no payment.", max_length=800)],
    indicators: Annotated[list[Indicator], Field(description="Verbatim from this chart.", min_length=1, max_length=20)],
    options: Annotated[list[str], Field(description="Each supported by an indicator.", max_length=8)] = [],  # noqa: B006
    kind: QueryKind = "multiple_choice",
) -> dict[str, Any]:
    """Draft a query to the provider: for conflicting, missing or unspecific documentation. A person sends it, not you.
    A multiple-choice query is given "Other (please specify)" and "Unable to determine" when they are not among its options."""
    spans = tuple(_locate(desk, indicator) for indicator in indicators)
    offered = tuple(options)
    if kind == "multiple_choice":
        offered += tuple(option for option in (OTHER, UNDETERMINED) if option not in offered)
    query = Query(reason=reason, title=title, kind=kind, question=question, options=offered, clinical_indicators=spans)
    if query in desk.queries:
        raise ToolError("draft_query: the same query has been drafted already")
    desk.queries.append(query)
    return {"drafted": len(desk.queries), "holds_claim": query.holds_claim}


def _locate(desk: Desk, indicator: Indicator) -> Span:
    document = desk.chart.document(indicator.document)
    if document is None or indicator.line > len(document.lines):
        raise ToolError("draft_query: an indicator names a document or line that is not there")
    start, end = document.lines[indicator.line - 1]
    at = document.text.find(indicator.quote, start, end)
    if at < 0:
        raise ToolError("draft_query: an indicator's quote is not on its line")
    return document.span(at, at + len(indicator.quote))
