"""A code the offline model means to report."""

from __future__ import annotations

from dataclasses import dataclass

from agent.models.offline.observations import Mention


@dataclass(frozen=True)
class Choice:
    """A code with the mentions it rests on, the reason in words, and the guideline sections behind it."""

    code: str
    mentions: tuple[Mention, ...]
    why: str
    guidelines: tuple[str, ...] = ()
