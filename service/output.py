"""Results as they leave: one JSON object a line for programs, pages for people. Written out as soon as each is done."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any

from codebook.release import Release
from service.coding import Done
from service.lists import show_hits, show_releases
from service.render import show_result
from service.terminal import page


def write_line(value: Any) -> None:
    """One JSON object on a line of its own, flushed: what is written stays written."""
    _write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def write_result(done: Done, as_json: bool) -> None:
    """One result."""
    if as_json:
        _write(done.result.model_dump_json())
    else:
        show_result(page(), done.result, done.chart)
        sys.stdout.flush()


def write_releases(releases: Iterable[Release], today: date, as_json: bool) -> None:
    """The releases held; with ``as_json`` one a line."""
    if not as_json:
        show_releases(page(), releases, today)
        return
    for one in releases:
        write_line({**one.model_dump(mode="json"), "in_force_today": one.in_force(today)})


def write_hits(hits: Iterable[tuple[str, str, str]]) -> None:
    """Search results for a person."""
    show_hits(page(), hits)


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
