"""What a command is given, made into what the work needs: charts, a model, a policy, a draft. A fault is a UsageFault."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent import log, models
from agent.model import Model
from codebook import search as searching
from codebook import terms
from codebook.book import open_book
from codebook.release import BookError, Release
from codebook.shelf import held
from guardrails.policy import Policy, PolicyError, load_policy
from records.formats import ChartError, Received, read_charts
from records.formats.chart_json import load
from records.formats.content import decode, read_bytes
from service.terminal import building


class UsageFault(Exception):
    """A command that cannot be done as it was given. The text is one line for stderr and holds no chart text."""


def charts(paths: Sequence[Path], given: Mapping[str, str]) -> Iterator[Received]:
    """The charts of all files in the order they were named."""
    for path in paths:
        yield from read_charts(path, given)


def open_model(name: str) -> Model:
    """The model of that name."""
    try:
        return models.open_model(name, os.environ)
    except models.ModelError as error:
        raise UsageFault(str(error)) from None


def open_log() -> None:
    """The log the environment asks for."""
    try:
        log.open_log(os.environ)
    except log.LogError as error:
        raise UsageFault(str(error)) from None


def open_policy(name: str) -> Policy:
    """The policy of that name or file."""
    try:
        return load_policy(name)
    except PolicyError as error:
        raise UsageFault(error.reason) from None


def read_json(path: Path) -> Any:
    """The JSON value in a file."""
    try:
        return load(decode(read_bytes(path)))
    except ChartError as error:
        raise UsageFault(f"{path}: {error.reason}") from None


def prepare_book(*, terms_too: bool = False, index_too: bool = False) -> list[Release]:
    """The releases held, the packaged one built on first use with its progress on stderr.

    What finding needs of the newest one, the table of its terms or its search index, is built with it where asked for.
    """
    try:
        with building() as progress:
            releases = list(held(progress).values())
            newest = open_book(releases[-1].start, progress)
            # Kept on the book, so that neither is loaded twice.
            if terms_too and "terms" not in vars(newest):
                newest.terms = terms.load(newest, progress)
            if index_too and "search_index" not in vars(newest):
                newest.search_index = searching.load(newest, progress)
            return releases
    except BookError as error:
        raise UsageFault(str(error)) from None
