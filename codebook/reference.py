"""How the book points at codes: a code with all below it, a range, either with a condition on one of its characters.

Written form: ``E11``, ``E11.2``, ``I60-I62``, ``T36-T50@56=5`` (the fifth or sixth character, whichever tells the intent, is
5), ``S02@7=B`` (the seventh character is B), ``E08-E13@.42`` (what follows the dot begins with 42), ``I69@-23`` (the same after
the first character behind the dot).
"""

from __future__ import annotations

import re
from functools import lru_cache

# The second character is a digit, or A before one: QA0.
_CATEGORY = r"[A-Z](?:\d[0-9A-Z]|A\d)"
CODE = rf"{_CATEGORY}(?:\.[0-9A-Z]{{0,4}})?"
_SHAPE = re.compile(rf"({_CATEGORY})\.?([0-9A-Z]{{0,4}})")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WHOLE = rf"\b{CODE}(?!\w)"
_RANGE = re.compile(rf"({_WHOLE})(?:(?:-{{1,2}}|-? to )({_WHOLE}))?")
# A vitamin is written like a code, and codes that hold only "with" something cannot be told by their spelling.
_BARE = re.compile(rf"(?<!vitamin ){_WHOLE}")
_WITH = re.compile(r"[\s,.-]*with\b")
_PLACES = {"fifth": "5", "5th": "5", "sixth": "6", "six": "6", "6th": "6", "seventh": "7", "7th": "7", "final": "56"}
_CONDITION = re.compile(
    r"with ((?:fifth|5th|sixth|six|6th|seventh|7th|final)(?: (?:or|to) (?:fifth|sixth|six))?)[ -]characters?"
    r" ?\.?([0-9A-Z]{1,2}(?:(?:-| or |, )[0-9A-Z])*)?"
)
_ENDINGS = re.compile(r",? with ((?:final characters )?[-.]\d[\d.,\s-]*(?:or \.\d+)?)")
_ENDING = re.compile(r"\.\d+|(?<![\d.])-\d+")
_OPEN_FRACTURE = "7=BCEFHJMNQR"


@lru_cache(maxsize=65536)
def normalise(code: str) -> str | None:
    """The code as the book writes it ("e1165" is "E11.65"), whether or not there is such a code; None for any other text."""
    found = _SHAPE.fullmatch(code.strip().upper())
    if found is None:
        return None
    return f"{found.group(1)}.{found.group(2)}" if found.group(2) else found.group(1)


_WRITTEN = re.compile(rf"{CODE}(?:-{CODE})?(?:@(?:[1-7]{{1,2}}=[0-9A-Z]+|[.-][0-9A-Z]+))?")


def is_reference(text: str) -> bool:
    """Whether a text is a reference in its written form. What it names need not exist."""
    return _WRITTEN.fullmatch(text) is not None


@lru_cache(maxsize=262144)
def covers(reference: str, code: str) -> bool:
    """Whether a reference names the code or one above it. Spelling alone decides: neither has to exist."""
    where, _, condition = reference.partition("@")
    bare = code.replace(".", "").upper()
    first, dash, last = where.replace(".", "").partition("-")
    inside = first <= bare[: len(first)] and bare[: len(last)] <= last if dash else bare.startswith(first)
    return inside and (not condition or _meets(condition, bare))


def _meets(condition: str, bare: str) -> bool:
    if condition[0] in ".-":
        return bare[3 if condition[0] == "." else 4 :].startswith(condition[1:])
    place, _, wanted = condition.partition("=")
    if place == "56":
        held = bare[4:5] if bare[5:6] in ("", "X") else bare[5:6]
    else:
        index = int(place) - 1
        held = bare[index : index + 1]
    return bool(held) and held in wanted


@lru_cache(maxsize=32768)
def references_in(note: str, bare: bool = False) -> tuple[str, ...]:
    """The references of a note's text, in its order. Codes stand in brackets; a note may have none.

    With ``bare``, a note without such brackets is read for codes in its words ("conditions classifiable to K56.-").
    """
    found: list[str] = []
    for inside in _code_brackets(note):
        found += _references_of(inside)
    if bare and not found and not _qualified(note):
        found = _references_of(note) if _BARE.search(note) else []
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=32768)
def unread(note: str, bare: bool = False) -> tuple[str, ...]:
    """The codes that a note's text names and ``references_in`` does not give, as they are written."""
    read = references_in(note, bare)
    words = _BRACKETS.sub(" ", note) if read and _code_brackets(note) else "" if read else note
    return tuple(dict.fromkeys(_BARE.findall(words)))


def _code_brackets(note: str) -> list[str]:
    return [inside for pair in _BRACKETS.findall(note) if re.search(_WHOLE, inside := pair[0] or pair[1])]


def _qualified(note: str) -> bool:
    """Whether its codes are meant only with something that is said in words: "E11, E13 with ketoacidosis"."""
    last = [found.end() for found in _BARE.finditer(note)][-1:]
    return any(_WITH.match(note, end) and not _conditions(note[end:]) for end in last)


def _references_of(inside: str) -> list[str]:
    ranges = [f"{first.rstrip('.')}-{last.rstrip('.')}" if last else first.rstrip(".") for first, last in _RANGE.findall(inside)]
    conditions = _conditions(inside)
    return [f"{where}@{condition}" for where in ranges for condition in conditions] if conditions else ranges


def _conditions(inside: str) -> list[str]:
    endings = _ENDINGS.search(inside)
    if endings:
        return _ENDING.findall(endings.group(1))
    if "open fracture 7th character" in inside:
        return [_OPEN_FRACTURE]
    met = _CONDITION.search(inside)
    if met is None:
        return []
    places = "".join(
        dict.fromkeys(_PLACES[word] for word in re.findall(r"fifth|5th|sixth|six|6th|seventh|7th|final", met.group(1)))
    )
    values = met.group(2)
    if values is None:
        return []
    if places == "56" and len(values) == 2 and values.isdigit():
        return [f"5={values[0]}"]
    return [f"{places}={_spelled(values)}"]


def _spelled(values: str) -> str:
    """ "1-4 or 6" as "12346"."""
    spelled = ""
    for part in re.split(r" or |, ", values):
        first, dash, last = part.partition("-")
        spelled += "".join(chr(n) for n in range(ord(first), ord(last) + 1)) if dash else first
    return spelled
