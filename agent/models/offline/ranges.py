"""Codes compared with the references of the offline model's own tables: a code, a range of categories, with all below."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def within(code: str, references: str) -> bool:
    """Whether any of the blank-separated references names the code or one above it."""
    return any(_names(reference, code) for reference in references.split())


def _names(reference: str, code: str) -> bool:
    first, dash, last = reference.partition("-")
    if not dash:
        return code.startswith(first)
    return first <= code[: len(first)] and code[: len(last)] <= last
