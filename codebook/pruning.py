"""Old things in the cache: what was built for an older state of the books or of this program, and nobody has used since."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from codebook import places

# What is built again under another name whenever something it is made of changes.
_BUILT = ("search-*", "vectors-*", "terms-*.bin", "phrases-*.bin")
DAYS = 14
_DAY = 86400


def used(path: Path) -> None:
    """Mark something in the cache as used today, so that it is kept."""
    with contextlib.suppress(OSError):
        os.utime(path)


def prune(days: float = DAYS) -> int:
    """Remove what was not used for so many days and count it. Safe beside readers: an opened file lives until it is closed."""
    oldest = time.time() - days * _DAY
    removed = 0
    for pattern in _BUILT:
        for path in places.cache().glob(pattern):
            try:
                if path.stat().st_mtime >= oldest:
                    continue
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            except OSError:
                # Another process was faster, or it is not ours to remove: both leave the cache right.
                continue
            removed += 1
    return removed
