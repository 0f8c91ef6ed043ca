"""The scripted reader: codes what the chart concludes as present, whichever way it is told of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from agent.messages import Message, Reply, ToolCall
from agent.model import HandIn
from codebook.book import CodeBook
from records.chart import Chart
from records.code import Citation, Draft, DraftCode
from records.reading import reading
from records.result import Tokens

CONCLUDED = "assessment"
PRESENT = "present"


def codes_of_text(chart: Chart, book: CodeBook) -> list[str]:
    """The codes of a reader who was given the whole chart at once: what every assessment states as present."""
    found: dict[str, None] = {}
    for document in chart.documents:
        read = reading(document)
        for mention in book.spot(document.text):
            concluded = read.section_at(mention.start).kind == CONCLUDED and not mention.ambiguous
            if concluded and read.assertion(mention.start, mention.end).assertion.value == PRESENT:
                found.setdefault(mention.codes[0])
    return list(found)


class EconomicalReader:
    """The same reader at the tools: the list of conditions, the assessments, the codes, and the draft. It counts what it costs.

    Every turn sends the whole conversation again; the part that was sent before is what a provider may have kept.
    """

    name = "scripted reader"
    endpoint = ""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.written = 0

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        """The next calls."""
        self.sent.append(json.dumps([tools, messages], ensure_ascii=False))
        answers = _answers(messages)
        if not answers:
            calls = [("read_chart", {}), ("list_conditions", {}), ("read_section", {"kind": CONCLUDED})]
        else:
            calls = self._rest(answers)
        made = tuple(
            ToolCall(id=f"c{len(self.sent)}-{number}", name=name, arguments=json.dumps(given))
            for number, (name, given) in enumerate(calls)
        )
        self.written += sum(len(call.arguments) + len(call.name) for call in made)
        return Reply(content=None if made else "Done.", tool_calls=made)

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        """The codes the list of conditions leads to."""
        self.sent.append(json.dumps(messages, ensure_ascii=False))
        codes = []
        for code, place in _concluded(_answers(messages)).items():
            document, _, line = place.partition(" ")[0].rpartition(":")
            start, end = next(one for one in chart.documents if one.id == document).lines[int(line) - 1]
            text = next(one for one in chart.documents if one.id == document).text
            quote = text[start:end].strip(" .")
            codes.append(DraftCode(code=code, poa="Y", evidence=(Citation(document=document, quote=quote, line=int(line)),)))
        drafted = Draft(codes=tuple(codes))
        self.written += len(drafted.model_dump_json(exclude_defaults=True))
        return HandIn(drafted, Tokens())

    def _rest(self, answers: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
        """The parts not shown yet, then every code not read yet."""
        last: dict[str, dict[str, Any]] = {}
        for answer in answers:
            last["conditions" if "conditions" in answer else "section" if "section" in answer else "other"] = answer
        rest: list[tuple[str, dict[str, Any]]] = []
        if "next" in last["conditions"]:
            rest.append(("list_conditions", {"from_number": last["conditions"]["next"]}))
        if "next" in last["section"]:
            rest.append(("read_section", {"kind": CONCLUDED, **last["section"]["next"]}))
        if rest:
            return rest
        read = {answer["code"] for answer in answers if "description" in answer}
        return [("read_code", {"code": code}) for code in _concluded(answers) if code not in read]


def _answers(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [json.loads(message["content"]) for message in messages if message["role"] == "tool"]


def _concluded(answers: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Each code that is concluded, with the first place of it."""
    found: dict[str, str] = {}
    for answer in answers:
        for one in answer.get("conditions", ()):
            places = [place for place in one["at"] if place.endswith(f" {CONCLUDED}")]
            if places and one["assertion"] == PRESENT and not one.get("ambiguous"):
                found.setdefault(one["codes"][0].split(" ")[0].rstrip("+"), places[0])
    return found
