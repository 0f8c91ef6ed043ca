"""The prompts: versioned templates, rendered only when they are what was released."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from pydantic import Field

from prompts import examples
from records.base import Record

SUFFIX = ".md.j2"


class PromptError(Exception):
    """A prompt is missing, was changed after its release, or was rendered without a value it needs."""


class Prompt(Record):
    """A rendered prompt with what names it: ``sha256`` is that of the released template, not of the text."""

    text: str
    name: str
    version: int
    sha256: str

    @property
    def label(self) -> str:
        """Name and version as a result's provenance writes them, for instance ``coder/v1``."""
        return f"{self.name}/v{self.version}"


class Releases(Record):
    """What ``live.toml`` says: the version in use by name, and by label the sha256 of every released version and of the examples
    that belong to it."""

    live: dict[str, int]
    released: dict[str, str]
    examples: dict[str, str] = Field(default_factory=dict)


def render(name: str, version: int | None = None, **values: Any) -> Prompt:
    """Render a prompt, the live version unless told otherwise. Values are facts of the setting, never chart text.

    A template that needs a value it was not given raises PromptError; so does one whose text, or whose examples, are not what
    was released.
    """
    chosen = releases().live.get(name) if version is None else version
    label = f"{name}/v{chosen}"
    recorded = releases().released.get(label)
    if recorded is None:
        raise PromptError(f"prompt {label} has not been released")
    try:
        shown = examples.load(label, releases().examples[label]) if label in releases().examples else ()
        text = _environment().get_template(label + SUFFIX).render({"examples": shown, **values})
    except examples.ExampleError as error:
        raise PromptError(str(error)) from None
    except jinja2.TemplateError as error:
        raise PromptError(f"prompt {label} cannot be rendered: {error.message}") from None
    return Prompt(text=text, name=name, version=int(label.rpartition("/v")[2]), sha256=recorded)


@cache
def releases() -> Releases:
    """The releases as ``live.toml`` names them."""
    return Releases.model_validate(tomllib.loads(files("prompts").joinpath("live.toml").read_text("utf-8")))


def template_sha256(label: str) -> str:
    """The hash of a template file as it is on disk."""
    return hashlib.sha256(files("prompts").joinpath(label + SUFFIX).read_bytes()).hexdigest()


def _load(path: str) -> str | None:
    """The source of a template, its parents included: each must be what was released."""
    label = path.removesuffix(SUFFIX)
    file = files("prompts").joinpath(path)
    if label not in releases().released or not file.is_file():
        return None
    if template_sha256(label) != releases().released[label]:
        raise jinja2.TemplateError(f"{label} was changed after its release")
    return file.read_text("utf-8")


@cache
def _environment() -> jinja2.Environment:
    # Prompts are plain text for a model, not HTML, so nothing is escaped; no chart text ever enters a template.
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_load),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
