"""What a tool is: a plain function over the desk, whose docstring and signature are all that a model is told."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from codebook.book import CodeBook
from codebook.spotting import Mention
from records.chart import Chart, Document
from records.gestation import trimester_of
from records.query import Query


class ToolError(Exception):
    """The arguments were bad. The message goes back to the model, which may try again; it holds no chart text."""


@dataclass
class Desk:
    """What lies on the desk while one chart is coded: the chart, the books of its date, and what was read and drafted.

    ``code_everything`` is the coding policy of some suites: all that is mentioned is coded, not what the guidelines ask for.
    ``conditions_listed`` is how many of the chart's conditions ``list_conditions`` has shown, from the first without a gap.
    """

    chart: Chart
    book: CodeBook
    code_everything: bool = False
    lines_read: dict[str, set[int]] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)
    conditions_listed: int = 0
    _mentions: dict[str, list[Mention]] = field(default_factory=dict)

    def mentions(self, document: Document) -> list[Mention]:
        """The mentions in a document, found once. What is known of the patient tells some codes apart."""
        if document.id not in self._mentions:
            self._mentions[document.id] = self.book.spot(document.text, self.known)
        return self._mentions[document.id]

    def index_notice(self, documents: Iterable[Document]) -> str:
        """What an answer about these documents must say when an Alphabetic Index of another year helped to find what it shows."""
        helped = any(mention.source == "index" for document in documents for mention in self.mentions(document))
        return self.book.index_notice if helped else ""

    @cached_property
    def known(self) -> str:
        """The patient's sex and trimester, in the words of the classification's titles; empty when unknown."""
        sex = self.chart.encounter.sex
        documents = self.chart.documents if sex == "female" else ()
        return f"{'' if sex == 'unknown' else sex} {trimester_of(document.text for document in documents)}".strip()

    def what_is_read(self) -> tuple[dict[str, set[int]], int]:
        """What was read so far, to go back to when an answer does not reach the model after all."""
        return {document: set(lines) for document, lines in self.lines_read.items()}, self.conditions_listed

    def go_back_to(self, read: tuple[dict[str, set[int]], int]) -> None:
        """Forget what was read since then."""
        self.lines_read, self.conditions_listed = read

    def unread(self) -> tuple[str, ...]:
        """Ids of the documents with a line of words that no tool has shown or searched."""
        return tuple(
            document.id
            for document in self.chart.documents
            if any(
                number not in self.lines_read.get(document.id, ())
                for number, (start, end) in enumerate(document.lines, 1)
                if document.text[start:end].strip()
            )
        )


@dataclass(frozen=True)
class Tool:
    """A function a model may call, with the JSON schema of its arguments."""

    name: str
    description: str
    arguments: type[BaseModel]
    function: Callable[..., dict[str, Any]]

    @classmethod
    def of(cls, function: Callable[..., dict[str, Any]]) -> Tool:
        """Read a tool off its function. The first parameter is the desk and is not shown to the model."""
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        fields: dict[str, Any] = {
            parameter.name: (parameter.annotation, ... if parameter.default is parameter.empty else parameter.default)
            for parameter in parameters
        }
        model = create_model(function.__name__, __config__=ConfigDict(extra="forbid", hide_input_in_errors=True), **fields)
        return cls(function.__name__, inspect.getdoc(function) or "", model, function)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The tool as the chat-completions protocol describes a function."""
        parameters = self.arguments.model_json_schema()
        parameters.pop("title", None)
        return {
            "type": "function",
            "function": {"name": self.name, "description": self.description, "parameters": parameters},
        }

    def call(self, desk: Desk, arguments: str) -> str:
        """Run the tool on JSON arguments and answer in JSON. Raises ToolError when the arguments are not of its form."""
        try:
            given = self.arguments.model_validate_json(arguments or "{}")
        except ValidationError as error:
            raise ToolError(f"{self.name}: {_form_errors(error)}") from None
        answer = self.function(desk, **{name: getattr(given, name) for name in self.arguments.model_fields})
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _form_errors(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'arguments'}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    )
