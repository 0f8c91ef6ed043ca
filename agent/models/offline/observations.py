"""What the offline model has observed: the conversation so far, read back into plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from agent.messages import Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code a mention may lead to. An incomplete one needs more characters."""

    code: str
    description: str
    complete: bool

    @classmethod
    def of(cls, shown: str) -> Candidate:
        """Read a candidate as ``find_mentions`` shows it."""
        code, _, description = shown.partition(" ")
        return cls(code.rstrip("+"), description, not code.endswith("+"))


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention as ``find_mentions`` showed it."""

    document: str
    section: str
    line: int
    quote: str
    at: int
    sentence: int
    assertion: str
    ambiguous: bool
    source: str
    score: float
    candidates: tuple[Candidate, ...]

    @property
    def heads(self) -> bool:
        """Whether the mention opens its sentence, as the heading of a problem does."""
        return self.at - self.sentence <= HEADING_LEAD


HEADING_LEAD = 12


@dataclass(frozen=True)
class Observations:
    """Everything the tools have answered, and how often a correction was asked for."""

    documents: tuple[dict[str, Any], ...] = ()
    facts: dict[str, Any] | None = None
    mentions: tuple[Mention, ...] | None = None
    next_mentions: dict[str, int] = field(default_factory=dict)
    lines: dict[str, dict[int, str]] = field(default_factory=dict)
    next_lines: dict[str, int] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: frozenset[str] = frozenset()
    findings: tuple[str, ...] = ()

    def unread(self) -> list[tuple[str, int]]:
        """The documents that have lines not read yet, each with the next line to read."""
        waiting = [(one["id"], self.next_lines.get(one["id"], 1)) for one in self.documents if one["id"] not in self.lines]
        return waiting + [(name, line) for name, line in self.next_lines.items() if name in self.lines]

    def unfound(self) -> list[dict[str, Any]]:
        """The calls of ``find_mentions`` still to make: where an answer was cut, and for documents it did not come to."""
        calls = []
        for one in self.documents:
            line = self.next_mentions.get(one["id"])
            if line is None:
                calls.append({"document": one["id"]})
            elif line:
                calls.append({"document": one["id"], "from_line": line})
        return calls

    def unknown(self, code: str) -> bool:
        """Whether the book was asked for the code and has none."""
        return code not in self.codes and self.asked("read_code", {"code": code})

    def asked(self, name: str, arguments: dict[str, Any]) -> bool:
        """Whether this very call was made before; its answer would not change."""
        return _call(name, arguments) in self.calls


def observe(messages: list[Message]) -> Observations:
    """Read a conversation. Answers of other tools, and errors, change nothing."""
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    seen: dict[str, Any] = {"lines": {}, "next_lines": {}, "next_mentions": {}, "codes": {}}
    made: set[str] = set()
    findings: list[str] = []
    for message in messages:
        role = message["role"]
        if role == "assistant":
            for call in message.get("tool_calls") or ():
                calls[call["id"]] = (call["function"]["name"], json.loads(call["function"]["arguments"]))
        elif role == "tool":
            name, arguments = calls[message["tool_call_id"]]
            answer = json.loads(message["content"])
            made.add(_call(name, arguments))
            if "error" not in answer:
                _take(name, answer, seen)
        elif role == "user":
            _opening(message["content"], seen, findings)
    return Observations(**seen, calls=frozenset(made), findings=tuple(findings))


def _call(name: str, arguments: dict[str, Any]) -> str:
    return json.dumps([name, arguments], sort_keys=True)


def _opening(content: str, seen: dict[str, Any], findings: list[str]) -> None:
    if "documents" not in seen:
        seen["documents"] = tuple(json.loads(content)["documents"])
    else:
        findings.append(content)


def _take(name: str, answer: dict[str, Any], seen: dict[str, Any]) -> None:
    if name == "read_chart" and "lines" in answer:
        document = answer["document"]
        held = seen["lines"].setdefault(document, {})
        for shown in answer["lines"]:
            number, _, text = shown.partition("| ")
            held[int(number)] = text
        seen["next_lines"].pop(document, None)
        if "next_line" in answer:
            seen["next_lines"][document] = answer["next_line"]
    elif name == "read_chart":
        seen["facts"] = answer["encounter"] | {"cards": {card["id"]: card for card in answer["documents"]}}
    elif name == "find_mentions":
        seen["mentions"] = (*seen.get("mentions", ()), *_mentions(answer))
        seen["next_mentions"] |= {document["id"]: 0 for document in answer["documents"]}
        if "next" in answer:
            seen["next_mentions"][answer["next"]["document"]] = answer["next"]["from_line"]
    elif name == "read_code":
        seen["codes"][answer["code"]] = answer


def _mentions(answer: dict[str, Any]) -> list[Mention]:
    return [
        Mention(
            document=document["id"],
            section=section["section"],
            line=shown["line"],
            quote=shown["quote"],
            at=shown["at"],
            sentence=shown["sentence"],
            assertion=shown["assertion"],
            ambiguous=shown.get("ambiguous", False),
            source=shown["match"][0],
            score=shown["match"][1],
            candidates=tuple(Candidate.of(code) for code in shown["codes"]),
        )
        for document in answer["documents"]
        for section in document["sections"]
        for shown in section["mentions"]
    ]
