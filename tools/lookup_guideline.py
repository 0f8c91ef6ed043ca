"""The tool ``lookup_guideline``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from codebook.guidelines import lookup
from tools.tool import Desk, ToolError


def lookup_guideline(
    desk: Desk,
    section: Annotated[str, Field(description="A section number, for instance I.C.9.a or IV.H.")] = "",
    code: Annotated[str, Field(description="A code: the sections that govern it.")] = "",
    words: Annotated[str, Field(description="Words to look for.", max_length=200)] = "",
) -> dict[str, Any]:
    """Look up the Official Guidelines for Coding and Reporting by section, by code or by words. The text is this project's
    own summary of the numbered section; the release it summarises is named."""
    if sum(bool(given) for given in (section, code, words)) != 1:
        raise ToolError("lookup_guideline: give exactly one of section, code, words")
    found = lookup(section=section or None, code=code or None, words=words or None)
    return {
        "sections": [
            {"section": one.section, "title": one.title, "text": one.text, "page": one.page, "release": one.release}
            for one in found[:6]
        ],
        "held": bool(found),
    }
