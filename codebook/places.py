"""Where state lies: the one folder of the operator, and the cache of what can be built again."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def home() -> Path:
    """The folder that holds all state, imported releases included: ``CHARTPROOF_HOME``, else the user's data folder."""
    named = os.environ.get("CHARTPROOF_HOME")
    return Path(named).absolute() if named else _unnamed()


@lru_cache(maxsize=1)
def _unnamed() -> Path:
    """The user's data folder, asked of the system once: an answer of the books asks for it many times a chart."""
    return user_data_path("chartproof", appauthor=False)


def cache() -> Path:
    """The folder of what can be rebuilt from installed packages alone; it survives a new home."""
    return user_cache_path("chartproof", appauthor=False)
