"""A draft read entry by entry, so that one malformed entry does not cost the others."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from pydantic import ValidationError

from records.base import Record
from records.code import Considered, Draft, DraftCode

_CODE = re.compile(r"[A-Za-z0-9.]{1,10}")

Entry = TypeVar("Entry", DraftCode, Considered)


class DraftError(ValueError):
    """The draft is not even an object with a list of codes. The message holds nothing of what was given."""


class DraftReading(Record):
    """The entries that could be read, and one reason for each that could not be read in full.

    A code whose other fields are malformed is kept without them: it is then unproven, but not lost. ``malformed_codes`` are
    the codes of such entries as they are spelled there, where that could be read.
    """

    draft: Draft
    malformed: tuple[str, ...] = ()
    malformed_codes: tuple[str, ...] = ()


class Origin(Record):
    """What a draft was made with, as its maker says: the chart's hash, the releases, the hash of the prompt. Empty: not said."""

    chart_sha256: str = ""
    releases: tuple[str, ...] = ()
    prompt_sha256: str = ""


ORIGIN = "made_with"


def read_origin(given: object) -> tuple[Origin, object]:
    """The origin a draft names, and the draft without it. Raises DraftError when the origin cannot be read."""
    if not isinstance(given, dict) or ORIGIN not in given:
        return Origin(), given
    try:
        origin = Origin.model_validate(given[ORIGIN])
    except ValidationError:
        raise DraftError(f"the draft's {ORIGIN} cannot be read") from None
    return origin, {name: value for name, value in given.items() if name != ORIGIN}


def read_draft(given: object) -> DraftReading:
    """Read parsed JSON as a draft. Raises DraftError when there is no list of codes in it."""
    if not isinstance(given, dict) or not isinstance(given.get("codes"), list | tuple):
        raise DraftError("the draft is not an object with a list of codes")
    malformed: list[str] = []
    codes = [_entry(DraftCode, "code", number, item, malformed) for number, item in enumerate(given["codes"], 1)]
    listed = given.get("considered", [])
    if not isinstance(listed, list | tuple):
        malformed.append("considered: not a list")
        listed = []
    considered = [_entry(Considered, "considered", number, item, malformed) for number, item in enumerate(listed, 1)]
    malformed += ["the draft has an unknown field"] * len(given.keys() - Draft.model_fields.keys())
    draft = Draft(codes=tuple(filter(None, codes)), considered=tuple(filter(None, considered)))
    return DraftReading(draft=draft, malformed=tuple(malformed), malformed_codes=_named(given["codes"], malformed))


def _named(items: list[Any] | tuple[Any, ...], malformed: list[str]) -> tuple[str, ...]:
    """The codes of malformed entries: what is no longer than a code may be, and no message in disguise."""
    entries = [item for number, item in enumerate(items, 1) if any(one.startswith(f"code {number}:") for one in malformed)]
    spelled = [item.get("code") if isinstance(item, dict) else item for item in entries]
    return tuple(dict.fromkeys(one for one in spelled if isinstance(one, str) and _CODE.fullmatch(one)))


def _entry(kind: type[Entry], label: str, number: int, item: object, malformed: list[str]) -> Entry | None:
    given: dict[str, Any] = item if isinstance(item, dict) else {"code": item}
    bad: set[Any] = set()
    if not _is_unicode(item):
        malformed.append(f"{label} {number}: the entry holds what is no Unicode text")
        return None
    if given is not item:
        malformed.append(f"{label} {number}: the entry is no object")
    else:
        try:
            return kind.model_validate(given)
        except ValidationError as error:
            malformed.append(f"{label} {number}: {_problems(kind, error)}")
            bad = {item["loc"][0] for item in error.errors(include_input=False, include_context=False) if item["loc"]}
    try:
        return kind.model_validate({name: value for name, value in given.items() if name not in bad})
    except ValidationError:
        return None  # its reason is among the malformed already


def _is_unicode(item: object) -> bool:
    """False for half of a surrogate pair, which JSON can spell and nothing can write down again."""
    try:
        json.dumps(item, ensure_ascii=False, default=repr).encode()
    except UnicodeEncodeError:
        return False
    return True


def _problems(kind: type[DraftCode] | type[Considered], error: ValidationError) -> str:
    """Which known fields are wrong and in what way; a field the form does not know is not named: a model wrote it."""
    problems = []
    for item in error.errors(include_input=False, include_context=False, include_url=False):
        field = item["loc"][0] if item["loc"] else "entry"
        problems.append(f"{field} {item['type']}" if field in kind.model_fields else "unknown field")
    return ", ".join(dict.fromkeys(problems))
