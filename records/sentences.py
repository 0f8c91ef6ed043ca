"""Sentence bounds, offset-exact: bullets, numbered items, wrapped lines, decimals and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# A full stop after one of these never ends a sentence.
_TITLES = frozenset(["dr", "mr", "mrs", "ms", "prof", "st", "drs", "no", "approx", "fig", "vs", "e.g", "i.e", "cf"])
# A full stop after one of these ends a sentence only when a capital follows.
_SHORT_WORDS = """
    etc q.d b.i.d t.i.d q.i.d p.o p.r.n q.h q.h.s h.s a.m p.m i.v i.m s.c a.c p.c o.d o.s o.u q.o.d u.s m.d d.o p.a n.p r.n ph.d
    ca pt pts hx dx tx rx sx fx bid tid qid prn po qd qhs iv im sc hr hrs min mins sec wk wks mo mos yr yrs lt rt bilat abd ext
    neg pos temp wt ht inc jr sr dept mg mcg ml cc kg lb lbs oz in ft cm mm max avg est resp neuro med meds
"""
_SHORT = frozenset(_SHORT_WORDS.split())
_BREAK = re.compile(
    r"""
    (?P<line>\n\s*)                                       # the end of one or more lines
    | (?P<stop>(?<![.!?])[.!?]++["'”’)\]]*+)(?P<space>[ \t]+|(?=[A-Z][a-z]))  # a stop with space behind it or a new sentence
    | (?P<bullet>[•●▪◦‣])                                # a bullet wherever it stands
    """,
    re.VERBOSE,
)
_BLANK = re.compile(r"\s*")
_ITEM = re.compile(r"[•●▪◦‣·*\-–]\s|[•●▪◦‣]|\(?\d{1,2}[.)]\s|\[[ xX]?\]|[☐☒☑#]|\d{1,2}[ \t]+(?=[A-Z][a-z]|[A-Z]{2})")
# A single capital ends a sentence after one of these ("hepatitis C."); elsewhere it is an initial.
_LETTERED = re.compile(
    r"\b(?:hepatitis|vitamin|type|group|class|grade|stage|factor|influenza|protein|complex)\s+[A-Z]$", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*\(?\d{1,2}")
_LAST_WORD = re.compile(r"[\w.'/]+$")
_JOINING_WORDS = """
    a an and or the of with without no not for to in on at by from as is are was were but nor vs versus than that which
    denies any her his their this likely possible probable suspected history has have had due secondary status
"""
_JOINING = frozenset(_JOINING_WORDS.split())
WRAP_WIDTH = 55
SHORT_WRAP = 40
MAX_LINE = 130
MAX_SENTENCE = 2000


def bounds(text: str, starts: tuple[int, ...] = ()) -> tuple[tuple[int, int], ...]:
    """The (start, end) of every sentence, in order, without overlap; only white space lies between them.

    ``starts`` are offsets at which a sentence must begin whatever the punctuation says: the sections.
    """
    cuts = sorted({0, len(text), *(start for start in starts if 0 <= start <= len(text)), *_cuts(text)})
    return tuple(_pieces(text, cuts))


def _pieces(text: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """What lies between the cuts, without its outer white space; what is longer than any sentence is cut at a blank."""
    for low, high in pairwise(cuts):
        while low < high:
            piece = text[low : min(high, low + MAX_SENTENCE)]
            if low + len(piece) < high:
                piece = piece[: max(piece.rfind(" "), 0) or None]
            inner = piece.strip()
            if inner:
                start = low + len(piece) - len(piece.lstrip())
                yield start, start + len(inner)
            low += len(piece)


def is_item(text: str, offset: int) -> bool:
    """Whether an item of a list begins there: a bullet, a number, a box to tick."""
    return _ITEM.match(text, offset) is not None


def item_words(text: str, offset: int) -> int:
    """Where the words begin of the item of a list that begins there; the offset itself when none does."""
    found = _ITEM.match(text, offset)
    return found.end() if found else offset


def words_begin(text: str, low: int) -> int:
    """Where the words of a clause or quote begin: behind the number or bullet of the item it opens, which says nothing
    ("2 CKD 3a")."""
    first = _BLANK.match(text, low).end()  # type: ignore[union-attr]
    opens_line = not text[text.rfind("\n", 0, first) + 1 : first].strip()
    return item_words(text, first) if opens_line else low


def _cuts(text: str) -> Iterator[int]:
    last = 0
    unwrapped = _unwrapped(text)
    for match in _BREAK.finditer(text):
        if match.lastgroup == "line":
            lines = match.group().count("\n")
            ends = _ends_at_line(text, match.start(), match.end(), lines, match.start() in unwrapped)
        elif match.lastgroup == "bullet":
            ends = True
        else:
            ends = _ends_at_stop(text, match, last)
        if ends:
            last = match.start("bullet") if match.lastgroup == "bullet" else match.end()
            yield last


def _unwrapped(text: str) -> frozenset[int]:
    """The ends of the lines of those paragraphs that no page width broke: some line of theirs had room for the next word."""
    found: list[int] = []
    paragraph: list[tuple[int, str]] = []
    start = 0
    for line in [*text.split("\n"), ""]:
        if line.strip():
            paragraph.append((start + len(line.rstrip()), line.strip()))
        else:
            widest = max((len(words) for _, words in paragraph), default=0)
            if any(_had_room(words, below, widest) for (_, words), (_, below) in pairwise(paragraph)):
                found.extend(end for end, _ in paragraph)
            paragraph = []
        start += len(line) + 1
    return frozenset(found)


def _had_room(line: str, below: str, widest: int) -> bool:
    """Whether the next line was begun though its first word had room on this one; an item begins a line anyway."""
    return below[0].isupper() and not _ITEM.match(below) and len(line) + 1 + len(below.split(maxsplit=1)[0]) <= widest


def _ends_at_line(text: str, start: int, end: int, breaks: int, unwrapped: bool) -> bool:
    """Whether a line break ends the sentence: always before a blank line, an item or after a stop; else unless wrapped."""
    line_start = text.rfind("\n", 0, start) + 1
    before = text[max(line_start, start - MAX_SENTENCE) : start].rstrip()
    if breaks > 1 or end >= len(text) or _ITEM.match(text, end) or not before or before[-1] in ".!?:;":
        return True
    width = len(before)
    if width > 4 * MAX_LINE:
        return True
    word = _LAST_WORD.search(before[-30:])
    if before.endswith(",") or (word and word.group().lower() in _JOINING):
        return False
    following = text[end]
    if following.islower() or following.isdigit():
        return width < SHORT_WRAP
    return unwrapped or width < WRAP_WIDTH or before.isupper()


def _ends_at_stop(text: str, match: re.Match[str], last: int) -> bool:
    stop = match.group("stop")
    start = match.start("stop")
    unspaced = not match.group("space")
    following = text[match.end()] if match.end() < len(text) else ""
    if not following:
        return True
    if start == 0 or text[start - 1].isspace():
        return False  # a free-standing "?" or "..." qualifies what follows
    if stop[0] != ".":
        return not following.islower()
    if _NUMBER.fullmatch(text, last, start):
        return False  # "2." at the head of an item
    word = _LAST_WORD.search(text, max(last, start - 20), start)
    before = word.group().lower() if word else ""
    if unspaced:
        return len(before) > 2 and before.isalpha() and text[start - 1].islower()
    if before == "no":
        return not following.isdigit()
    if before in _TITLES:
        return text[start - len(before) : start].isupper() and not text[match.end() : match.end() + 2].isupper()
    if len(before) == 1 and text[start - 1].isupper():
        return bool(_LETTERED.search(text, max(last, start - 30), start))
    if before in _SHORT or (len(before) == 3 and before[1] == "."):
        return following.isupper() or following in "•-*["
    return True
