"""The draft's form as it knows the chart: a quote that is not on its cited line is a form error, which may be mended once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import create_model, model_validator

from agent.grounding import ground
from records.chart import Chart
from records.code import Draft

TOLD_AT_MOST = 20


def checked_form(chart: Chart) -> type[Draft]:
    """The form to be filled for one chart. It is called ``Draft`` too: its name is the function's that the model calls.

    It refuses quotes once. What is then still not in the chart goes to the rules, and from there to a person.
    """
    refused: list[bool] = []

    def quotes_are_in_the_chart(draft: Any) -> Any:
        faults = list(_faults(draft, chart))
        if faults and not refused:
            refused.append(True)
            raise ValueError("; ".join(faults[:TOLD_AT_MOST]))
        return draft

    validators: dict[str, Any] = {"quotes": model_validator(mode="after")(quotes_are_in_the_chart)}
    return create_model("Draft", __base__=Draft, __doc__=Draft.__doc__, __validators__=validators)


def _faults(draft: Draft, chart: Chart) -> Iterator[str]:
    """What is wrong with each citation, by its place in the draft: no word of the chart, none of the model's."""
    for number, code in enumerate(draft.codes):
        for place, citation in enumerate(code.evidence):
            if ground(chart, citation):
                continue
            where = f"codes[{number}].evidence[{place}]"
            document = chart.document(citation.document)
            if document is None:
                yield f"{where}: there is no document of that id"
            elif citation.line is not None and not 1 <= citation.line <= len(document.lines):
                yield f"{where}: the document has {len(document.lines)} lines"
            elif citation.line is not None and ground(chart, citation.model_copy(update={"line": None})):
                yield f"{where}: the quote does not begin on line {citation.line}"
            else:
                yield f"{where}: the quote is not in the document word for word; copy whole words from its line"
