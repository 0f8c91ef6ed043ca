"""Options that several commands share, spelled once."""

from __future__ import annotations

from typing import Annotated

import typer

INTERRUPTED = 130

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of text for people.")]
OneJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text for people.")]
PolicyName = Annotated[str, typer.Option("--policy", help="supervised, straight_through, or a policy file.")]
