"""Words of the classification that a chart says in other words: the region of a part, the class of a drug."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from codebook.claims import telling


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    kinds = tomllib.loads(files("codebook").joinpath("data", "implied.toml").read_text("utf-8"))
    return tuple((re.compile(form), telling(words)) for rows in kinds.values() for words, form in rows.items())


@lru_cache(maxsize=16384)
def implied(text: str) -> frozenset[str]:
    """The stems of the title words that the text implies (``data/implied.toml``)."""
    lowered = text.lower()
    return frozenset[str]().union(*(words for form, words in _table() if form.search(lowered)))
