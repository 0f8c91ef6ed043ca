"""The tool ``check_payer``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tools.tool import Desk, ToolError


def check_payer(
    desk: Desk,
    code: Annotated[str, Field(description="The code the question is about.", max_length=12)],
) -> dict[str, Any]:
    """Ask what the payer of this encounter says of a code: coverage, medical necessity, policies in force on the date.
    "not held" means that no such table has been imported; it never means that the code is permitted."""
    known = desk.book.normalise(code)
    if known is None:
        raise ToolError(f"check_payer: {desk.book.release.id} has no such code")
    payer = desk.chart.encounter.payer
    return {"code": known, "payer": payer or "unknown", "answer": "not held", "rules": []}
