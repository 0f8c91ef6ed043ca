"""What the offline policy knows beyond what the tools tell it (``knowledge.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from records.base import Record


class Knowledge(Record):
    """The tables of ``knowledge.toml``; each is explained there."""

    explained: tuple[tuple[str, str], ...]
    chronic: str
    vague: str
    reasons: str
    drugs: str
    states: str
    past: str
    not_entitled: str
    documented_by_others: str
    siteless: str


@cache
def knowledge() -> Knowledge:
    """The tables, read once."""
    return Knowledge.model_validate(tomllib.loads(files("agent.models.offline").joinpath("knowledge.toml").read_text("utf-8")))
