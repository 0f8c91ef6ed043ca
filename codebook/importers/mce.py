"""The diagnosis edit lists of the Medicare Code Editor, as JSON: a list of codes an edit, with the ages of the age edits."""

from __future__ import annotations

from typing import Any

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import normalise
from codebook.release import BookError
from codebook.store import Content, rows

SCHEMA = """
-- one row a code of a list; ages are whole years, both included, and NULL where the list is not an age edit
CREATE TABLE edit (list TEXT NOT NULL, code TEXT NOT NULL, youngest INTEGER, oldest INTEGER, PRIMARY KEY (code, list))
WITHOUT ROWID;
"""
_AGE = "age_"


def read(source: Source) -> Intake | None:
    """The lists in a file; None when the file is something else. BookError when it is one but not whole."""
    if not (source.is_json and "Medicare Code Editor" in source.text[:4096]):
        return None
    value = source.json
    lists = value.get("codes") if isinstance(value, dict) else None
    if not isinstance(lists, dict) or not lists:
        raise BookError("the file holds no Medicare Code Editor lists")
    return Intake("mce", _content(lists, value), source.name)


def _content(lists: dict[str, Any], value: dict[str, Any]) -> Content:
    ages, counts = value.get("age_categories", {}), value.get("counts", {})
    found: dict[tuple[str, str], tuple[str, str, int | None, int | None]] = {}
    for name, members in lists.items():
        if not isinstance(members, list) or counts.get(name, len(members)) != len(members):
            raise BookError(f"the list {name} is not whole: it does not hold as many codes as the file says")
        youngest, oldest = _ages(name, ages)
        for member in members:
            code = normalise(str(member.get("code", ""))) if isinstance(member, dict) else None
            if code is None:
                raise BookError(f"the list {name} holds something that is not a code")
            found[code, name] = (name, code, youngest, oldest)
    return rows(SCHEMA, "edit", list(found.values()))


def _ages(name: str, ages: Any) -> tuple[int | None, int | None]:
    if not name.startswith(_AGE):
        return None, None
    try:
        category = ages[name.removeprefix(_AGE)]
        return int(category["min_age"]), int(category["max_age"])
    except (KeyError, TypeError, ValueError):
        raise BookError(f"the file does not say which ages the list {name} is for") from None
