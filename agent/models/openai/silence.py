"""Silence: the client libraries log requests, answers and validation errors, all of which hold chart text."""

from __future__ import annotations

import logging

TALKATIVE = ("openai", "instructor", "httpx2", "httpcore2")


def _never(_: logging.LogRecord) -> bool:
    return False


def silence() -> None:
    """Drop whatever the client libraries log, at every level and whoever listens.

    A level can be set back (``OPENAI_LOG=debug`` does), a filter on the logger cannot be passed. A logger does not inherit
    its parent's filters, so every one that exists gets its own; call this again where a library may have made more.
    """
    for name in [*TALKATIVE, *logging.root.manager.loggerDict]:
        if name.split(".")[0] in TALKATIVE:
            logger = logging.getLogger(name)
            if _never not in logger.filters:
                logger.addFilter(_never)
