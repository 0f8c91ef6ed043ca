"""What is worked out once and kept in the cache folder, under a name that says all it was made of.

A file is written whole and then renamed into place, so many processes may read and write at once. One that cannot be
read, or holds something else, is made again; a folder that cannot be written costs time, never an answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import tempfile
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from codebook import places, pruning


def kept(name: str, made_of: Iterable[str], makers: Iterable[str], build: Callable[[], Any]) -> Any:
    """What ``build`` makes, out of the cache folder where it is there already.

    ``made_of`` are hashes of what goes into it; ``makers`` the files of the code book that make it what it is: when one of
    either changes, it is made again. It consists of what marshal can write: dicts, lists, tuples, sets, strings, numbers.
    """
    path = places.cache() / f"{name}-{_identity(made_of, makers)}.bin"
    try:
        held = marshal.loads(path.read_bytes())
        pruning.used(path)
        return held
    except (OSError, EOFError, ValueError, TypeError):
        made = build()
        with contextlib.suppress(OSError):
            _keep(path, made)
        return made


def _identity(made_of: Iterable[str], makers: Iterable[str]) -> str:
    digest = hashlib.sha256(f"{marshal.version} {' '.join(made_of)}".encode())
    for name in makers:
        digest.update(name.encode() + b"\0" + files("codebook").joinpath(name).read_bytes())
    return digest.hexdigest()[:16]


def _keep(path: Path, made: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as part:
        part.write(marshal.dumps(made))
    Path(name).replace(path)
