"""The tool ``search_codes``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tools.tool import Desk, ToolError


def search_codes(
    desk: Desk,
    terms: Annotated[str, Field(description="The condition in a coder's words, with side, stage and type.", max_length=400)],
    limit: Annotated[int, Field(description="How many codes at the most.", ge=1, le=50)] = 15,
) -> dict[str, Any]:
    """Find billable codes by words, best first. Search only helps to find: a miss does not mean that there is no code."""
    if not terms.strip():
        raise ToolError("search_codes: terms are empty")
    hits = desk.book.search(terms, limit)
    answer: dict[str, Any] = {
        "release": desk.book.release.id,
        "codes": [{"code": hit.code, "description": hit.description, "matched": hit.matched} for hit in hits],
    }
    if desk.book.search_notice:
        answer["notice"] = desk.book.search_notice
    return answer
