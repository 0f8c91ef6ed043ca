"""A draft somebody handed in, read entry by entry: what cannot be read is told, and the rest still stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from records.code import Considered, Draft, DraftCode

Entry = TypeVar("Entry", DraftCode, Considered)
_SHOWN = 3


def read_draft(value: Any) -> tuple[Draft, tuple[str, ...]]:
    """The draft in an untrusted JSON value, and one reason for each part of it that could not be read.

    Never raises. A reason names the place and the fault, never what stood there.
    """
    if not isinstance(value, dict):
        return Draft(), ("the draft is not an object",)
    if "codes" not in value:
        return Draft(), ("the draft has no list of codes",)
    codes, malformed = _entries(value["codes"], "codes", DraftCode.model_validate)
    considered, more = _entries(value.get("considered", []), "considered", Considered.model_validate)
    return Draft(codes=codes, considered=considered), malformed + more


def _entries(value: Any, name: str, read: Callable[[Any], Entry]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    if not isinstance(value, list):
        return (), (f"{name} is not a list",)
    entries, malformed = [], []
    for number, one in enumerate(value):
        try:
            entries.append(read(one))
        except ValidationError as error:
            malformed.append(f"{name}[{number}]: {_faults(error)}")
        except (ValueError, RecursionError) as error:
            malformed.append(f"{name}[{number}]: {type(error).__name__}")
    return tuple(entries), tuple(malformed)


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(_fault(fault["type"], fault["loc"], fault["msg"]) for fault in faults[:_SHOWN])


def _fault(kind: str, location: tuple[int | str, ...], message: str) -> str:
    """One fault. A field that is not ours is not named: its name is whatever somebody wrote."""
    if kind == "extra_forbidden":
        location, message = location[:-1], "unknown field"
    where = ".".join(str(part) for part in location)
    return f"{where}: {message}" if where else message
