"""Words as the book and a chart share them: folded, stemmed, American, with sides and filler words set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SNOWBALL = snowballstemmer.stemmer("english")

# Words that carry no meaning for a term: they never count when terms are compared.
FILLER = frozenset(
    ["a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "as", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "having", "this", "that", "these", "those", "which", "her", "his", "their", "its", "my", "your", "our", "she", "he", "they", "it", "who", "whose", "there", "due", "per", "into", "onto", "also", "any", "some"]
)
# Words of the classification that say "nothing more is known": they belong to no clinician's phrase.
UNSPECIFIED = frozenset(["unspecified", "nos", "nec", "otherwise", "elsewhere", "classified", "classifiable", "specified", "other", "others", "not"])
SIDES = {
    "left": "left", "lt": "left", "lft": "left", "leftsided": "left", "right": "right", "rt": "right", "bilateral": "bilateral",
    "bilaterally": "bilateral", "bilat": "bilateral", "both": "bilateral",
}  # fmt: skip
# How bad, how long, how it goes: they may stand inside any phrase and belong to few terms.
MODIFIERS = frozenset(
    ["mild", "moderate", "severe", "acute", "chronic", "subacute", "recurrent", "persistent", "worsening", "stable", "controlled", "uncontrolled", "new", "newly", "known", "significant", "ongoing", "longstanding", "intermittent", "progressive", "minor", "major", "slight", "current", "symptomatic", "asymptomatic", "well", "poorly", "old", "likely", "probable", "possible", "suspected", "diagnosed", "early", "late", "long", "standing", "term", "history", "status", "post", "prior", "previous", "resolved", "resolving", "improving", "improved", "documented", "active", "underlying", "baseline", "small", "large", "tiny", "diffuse", "focal", "generalized", "localized", "occasional"]
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_COUNTED = frozenset(["type", "stage", "grade", "class", "phase", "category", "degree", "gold", "nyha"])
_SPELLINGS = (
    (re.compile(r"haem"), "hem"), (re.compile(r"(an|leuk|ur|isch|septic|bacter|tox|glyc|lipid|kal|natr|calc|vir)aem"), r"\1em"),
    (re.compile(r"^oed"), "ed"), (re.compile(r"oedema"), "edema"), (re.compile(r"^oes"), "es"), (re.compile(r"oesoph"), "esoph"),
    (re.compile(r"rrhoe"), "rrhe"), (re.compile(r"^foet"), "fet"), (re.compile(r"paed"), "ped"), (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"^aeti"), "eti"), (re.compile(r"^(c|f)aec"), r"\1ec"), (re.compile(r"umour"), "umor"), (re.compile(r"coeliac"), "celiac"),
    (re.compile(r"pnoea"), "pnea"), (re.compile(r"^anaes"), "anes"), (re.compile(r"diarrhoea"), "diarrhea"),
    (re.compile(r"isation"), "ization"), (re.compile(r"^orthop(a?)ed"), "orthoped"), (re.compile(r"ischaem"), "ischem"),
)  # fmt: skip
# Forms the stemmer keeps apart though they are one word to a clinician.
_SAME = {
    "feet": "foot", "teeth": "tooth", "toes": "toe", "lungs": "lung", "diabetic": "diabet", "diabetics": "diabet", "asthmatic": "asthma",
    "anxious": "anxieti", "anaemic": "anemia", "anemic": "anemia", "obese": "obes", "obesity": "obes", "septic": "sepsi", "sepsis": "sepsi",
    "hypertensive": "hypertens", "epileptic": "epilepsi", "arthritic": "arthriti", "renal": "kidney", "kidneys": "kidney", "cardiac": "heart",
    "tumours": "tumor", "vertebrae": "vertebra", "vertebral": "vertebra", "uterine": "uterus", "ischaemic": "ischem", "ischemic": "ischem",
    "ischemia": "ischem", "necrotic": "necrosi", "necrosis": "necrosi", "fibrotic": "fibrosi", "stenotic": "stenosi", "thrombotic": "thrombosi",
    "cirrhotic": "cirrhosi", "psoriatic": "psoriasi", "metastatic": "metastasi", "metastases": "metastasi", "metastasis": "metastasi",
    "hemorrhagic": "hemorrhag", "hemorrhage": "hemorrhag", "cancerous": "cancer", "broken": "fractur", "fx": "fractur", "fxs": "fractur",
}  # fmt: skip


class Token(NamedTuple):
    """One word of a text: its stem, its folded form, and where it stands."""

    stem: str
    folded: str
    start: int
    end: int


@lru_cache(maxsize=262144)
def stem(folded: str) -> str:
    """The stem of a folded word: one for its plural, its adjective and its British spelling."""
    if folded in _SAME:
        return _SAME[folded]
    if folded[0].isdigit():
        return folded
    for pattern, american in _SPELLINGS:
        folded = pattern.sub(american, folded)
    if folded in _SAME:
        return _SAME[folded]
    return str(_SNOWBALL.stemWord(folded)) if len(folded) > 3 else folded


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of ``text[start:end]``, fillers included, in order. Roman numerals after "type", "stage" ... are figures."""
    found: list[Token] = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        folded = match.group().lower().replace("’", "'")
        if folded.endswith("'s"):
            folded = folded[:-2]
        if folded in _ROMAN and found and found[-1].folded in _COUNTED:
            folded = _ROMAN[folded]
        found.append(Token(stem(folded), folded, match.start(), match.end()))
    return found


def stems(text: str) -> frozenset[str]:
    """The stems of a text's meaning words: neither fillers nor sides nor "unspecified" and its like."""
    return content(token for token in tokens(text))


def content(found: Iterable[Token]) -> frozenset[str]:
    """The stems that carry meaning among tokens."""
    return frozenset(
        token.stem
        for token in found
        if token.folded not in FILLER and token.folded not in UNSPECIFIED and token.folded not in SIDES
    )


def sides(found: Iterable[Token]) -> frozenset[str]:
    """The sides that tokens name: left, right, bilateral; left and right together are bilateral as well."""
    named = {SIDES[token.folded] for token in found if token.folded in SIDES}
    if {"left", "right"} <= named:
        named.add("bilateral")
    return frozenset(named)
