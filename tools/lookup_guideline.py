"""The tool ``lookup_guideline``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from codebook.guidelines import Guideline, lookup
from tools.tool import Desk, ToolError

SHOWN = 6
# The numbers of those that are not shown, which can be asked for.
MORE = 20
# Longer sections are cut in the answer; the number and the page lead to the rest.
LONGEST = 2500


def lookup_guideline(
    desk: Desk,
    section: Annotated[str, Field(description="A section number, for instance I.C.9.a or IV.H.")] = "",
    code: Annotated[str, Field(description="A code: the sections that govern it.")] = "",
    words: Annotated[str, Field(description="Words to look for.", max_length=200)] = "",
) -> dict[str, Any]:
    """Look up the Official Guidelines for Coding and Reporting by section, by code or by words. The text is the official one
    where it is held for the date, else a summary of the numbered section in other words; the release is named."""
    if sum(bool(given) for given in (section, code, words)) != 1:
        raise ToolError("lookup_guideline: give exactly one of section, code, words")
    on = desk.chart.encounter.code_set_date
    found = lookup(section=section or None, code=code or None, words=words or None, on=on)
    more = [one.section for one in found[SHOWN:]]
    return {
        "sections": [_shown(one) for one in found[:SHOWN]],
        **({"more_sections": more[:MORE]} if more else {}),
        "held": bool(found),
    }


def _shown(one: Guideline) -> dict[str, Any]:
    return {
        "section": one.section,
        "title": one.title,
        "text": one.text if len(one.text) <= LONGEST else f"{one.text[:LONGEST]} [cut]",
        "page": one.page,
        "release": one.release,
        "official_text": one.official,
    }
