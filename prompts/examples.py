"""The few-shot examples of a prompt version: data beside its template, checked against their own text at load."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field, ValidationError, model_validator

from records.base import Record
from records.code import Poa, Role

SUFFIX = ".examples.toml"


class ExampleError(Exception):
    """Examples that are missing, not of the form, or that quote what does not stand where they say."""


class Cited(Record):
    """Words of an example's text, on a line of it."""

    line: int = Field(ge=1)
    quote: str = Field(min_length=1)


class Decided(Record):
    """A code handed in, or considered and not coded, with the words it rests on and the reason."""

    code: str
    role: Role = "secondary"
    poa: Poa | None = None
    evidence: tuple[Cited, ...] = Field(min_length=1)
    why: str


class Example(Record):
    """An invented chart and what is made of it. Every quote stands on its line, word for word."""

    title: str
    text: str
    codes: tuple[Decided, ...] = Field(min_length=1)
    considered: tuple[Decided, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _quotes_stand_in_the_text(self) -> Example:
        for decided in (*self.codes, *self.considered):
            for cited in decided.evidence:
                if cited.line > len(self.lines) or cited.quote not in self.lines[cited.line - 1]:
                    raise ValueError(f"{decided.code}: the quote is not on line {cited.line}")
        return self

    @property
    def lines(self) -> list[str]:
        """The lines of the text; line 1 is at index 0."""
        return self.text.strip("\n").split("\n")

    @property
    def shown(self) -> str:
        """The text as ``read_chart`` shows one."""
        return "\n".join(f"{number}| {line}" for number, line in enumerate(self.lines, 1))


class _File(Record):
    example: tuple[Example, ...] = Field(min_length=1)


@cache
def load(label: str, sha256: str) -> tuple[Example, ...]:
    """The examples of a prompt version. Raises ExampleError when they are not what was released, or wrong in themselves."""
    file = files("prompts").joinpath(label + SUFFIX)
    if not file.is_file() or examples_sha256(label) != sha256:
        raise ExampleError(f"the examples of {label} are missing or were changed after their release")
    return read(label, file.read_text("utf-8"))


def read(label: str, text: str) -> tuple[Example, ...]:
    """Read a file of examples. Raises ExampleError, which names the fault."""
    try:
        return _File.model_validate(tomllib.loads(text)).example
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        told = error.errors(include_input=False)[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise ExampleError(f"the examples of {label}: {told}") from None


def examples_sha256(label: str) -> str:
    """The hash of a file of examples as it is on disk."""
    return hashlib.sha256(files("prompts").joinpath(label + SUFFIX).read_bytes()).hexdigest()
