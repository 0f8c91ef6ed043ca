"""Grounding: a citation becomes a verbatim span of the chart, or it stays a citation. Nothing in between.

No fuzzy acceptance: dropping one word of "no evidence of pneumonia" turns it round. The one thing that may differ is the
amount of white space, because a reader sees a wrapped line as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from codebook.book import CodeBook
from records.chart import Chart, Document, Span
from records.code import Citation, CodeAssignment, Draft, DraftCode

# A quote is whole words and whole numbers: "emia" is not evidence of anemia, "diabetes" not in pre-diabetes, "5" not in 2.5.
_TURNING = ("non", "no", "pre", "pseudo", "anti", "ex", "un")
_BEGINS = re.compile(r"(?<!\w)(?<!\d[.,](?=\d))" + "".join(rf"(?<!(?i:\b{prefix}[-\u2010\u2011]))" for prefix in _TURNING))
_ENDS = re.compile(r"(?!\w)(?!(?<=\d)[.,]\d)")


def ground(chart: Chart, citation: Citation) -> tuple[Span, ...]:
    """Every place where the citation's words stand, on its line if it names one; empty when there is none.

    With a line, the quote must begin on that line. Without one, all occurrences in the document are returned: the words
    may stand in Family History and in Assessment, and the rules must see both.
    """
    document = chart.document(citation.document)
    words = citation.quote.split()
    # A quote longer than its document is not in it, and no pattern need be made of it.
    if document is None or not words or sum(map(len, words)) > len(document.text):
        return ()
    return tuple(_occurrences(document, words, citation.line))


def _occurrences(document: Document, words: list[str], line: int | None) -> Iterable[Span]:
    low, high = 0, len(document.text)
    if line is not None:
        if not 1 <= line <= len(document.lines):
            return
        low, high = document.lines[line - 1]
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    at = low
    while (match := pattern.search(document.text, at)) and match.start() < high:
        whole = _is_whole(document.text, match)
        if whole:
            yield document.span(match.start(), match.end())
        # A refused place may hide the beginning of a good one; a good one is passed over whole.
        at = match.end() if whole else match.start() + 1


def _is_whole(text: str, match: re.Match[str]) -> bool:
    """Whether the match begins and ends where a word or a number does. A mark at its edge is a bound of its own."""
    begins = not text[match.start()].isalnum() or _BEGINS.match(text, match.start()) is not None
    return begins and (not text[match.end() - 1].isalnum() or _ENDS.match(text, match.end()) is not None)


def assign(draft: Draft, chart: Chart, book: CodeBook) -> tuple[CodeAssignment, ...]:
    """The draft's codes in their order, each with its grounded evidence and whatever could not be grounded.

    No code is dropped, repaired or merged here; an unknown one keeps the spelling it was handed in with.
    """
    ordered = sorted(enumerate(draft.codes), key=lambda item: (item[1].sequence or item[0] + 1, item[0]))
    return tuple(_assign(code, number, chart, book) for number, (_, code) in enumerate(ordered, 1))


def _assign(drafted: DraftCode, sequence: int, chart: Chart, book: CodeBook) -> CodeAssignment:
    spans: dict[tuple[str, int, int], Span] = {}
    ungrounded = []
    for citation in drafted.evidence:
        found = ground(chart, citation)
        if not found:
            ungrounded.append(citation)
        spans.update({(span.document, span.start, span.end): span for span in found})
    entry = book.entry(drafted.code) if drafted.system == "icd10cm" else None
    return CodeAssignment(
        system=drafted.system,
        code=drafted.code,
        description=entry.description if entry else "",
        role=drafted.role,
        sequence=sequence,
        poa=drafted.poa,
        modifiers=drafted.modifiers,
        units=drafted.units,
        evidence=tuple(spans.values()),
        ungrounded=tuple(ungrounded),
        rationale=drafted.rationale,
        guidelines=drafted.guidelines,
    )
