"""What the errors are made of: tables of this project, written apart from those the rules read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of evals/redteam/data/<name>.toml."""
    content = files("evals.redteam.data").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(content)["row"])
