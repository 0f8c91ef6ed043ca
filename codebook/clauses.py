"""The clauses of a text, and the words of its layout beside a clause: what introduces, labels or details it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codebook.words import Token, tokens
from records.sentences import words_begin

_CLAUSE = re.compile(
    r"[;!?•\t|]|\.(?=\s|$|[A-Z])|:(?=\s)|\n\s*\n|\n(?=\s*(?:[-*•#]|\d+[.)]|[A-Z]))"
    # The number of an item without a stop; "stage" at the end of a line wants its figure.
    r"|(?<!stage)(?<!grade)(?<!class)(?<!type)\n(?=\s*\d{1,2}[ \t]+(?:[A-Z][a-z]|[A-Z]{2}))|\s-\s"
)
_ENDED = re.compile(r"[.;!?](?=\s)")
_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)])\s*")
_ITEMS_AT_MOST = 12
_LABEL_AT_MOST = 80


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """The bounds of every clause of a text, in its order."""
    start = 0
    for match in _CLAUSE.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def beside(text: str, low: int, high: int) -> list[Token]:
    """The words of the layout that belong to the clause ``text[low:high]``: its list's heading, its label, its detail."""
    return [*_lead(text, low), *_label(text, low), *_detail(text, high)]


def _lead(text: str, low: int) -> list[Token]:
    """The words of the line that introduces the list this clause is an item of ("A. Left breast, biopsy:")."""
    start = text.rfind("\n", 0, low + 1) + 1
    if not _ITEM.match(text, start):
        return []
    for _ in range(_ITEMS_AT_MOST):
        before = text.rfind("\n", 0, max(start - 1, 0)) + 1
        line = text[before : max(start - 1, 0)].rstrip()
        if not line or before == start:
            return []
        if line.endswith(":"):
            return tokens(line)
        start = before
    return []


def _label(text: str, low: int) -> list[Token]:
    """The words before the colon or dash that this clause follows on its line ("Skin, right cheek: basal cell carcinoma")."""
    if text[:low].rstrip()[-1:] not in (":", "-"):
        return []
    line = text.rfind("\n", 0, low) + 1
    start = max([words_begin(text, line), *(match.end() for match in _ENDED.finditer(text, line, low))])
    return tokens(text, start, low) if start < low <= start + _LABEL_AT_MOST else []


def _detail(text: str, high: int) -> list[Token]:
    """The words behind the colon or dash that this clause ends at ("Asthma: moderate persistent")."""
    behind = text[high : high + 3].strip()[:1]
    if behind not in (":", "-"):
        return []
    found = _CLAUSE.search(text, high + 3)
    end = found.start() if found else len(text)
    return tokens(text, high, min(end, high + _LABEL_AT_MOST))
