"""Which codes are exempt from present-on-admission reporting: the published list, brought to references."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from codebook.reference import covers
from records.base import Record


class _Row(Record):
    """Exempt codes by reference, less those of ``without``, with why and by which list."""

    codes: tuple[str, ...]
    without: tuple[str, ...] = ()
    reason: str
    source: str


@lru_cache(maxsize=65536)
def poa_exempt(code: str) -> bool:
    """Whether the code is exempt by the list of ``poa_exempt.toml`` (its header names the release)."""
    return any(
        any(covers(reference, code) for reference in row.codes) and not any(covers(reference, code) for reference in row.without)
        for row in _rows()
    )


@cache
def _rows() -> tuple[_Row, ...]:
    raw = tomllib.loads(files("codebook").joinpath("data", "poa_exempt.toml").read_text("utf-8"))
    return tuple(_Row.model_validate(row) for row in raw["row"])
