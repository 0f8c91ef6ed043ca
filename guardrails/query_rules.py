"""The rules of the compliance gate, each a check over a query.

They are those of the practice brief "Guidelines for Achieving a Compliant Query Practice" (AHIMA/ACDIS, 2022). The words the
rules look for are query_lexicon.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from codebook.book import CodeBook
from codebook.words import stems
from guardrails.asked_query import Asked
from records.chart import Chart
from records.finding import Severity

_KINDS = ("multiple_choice", "yes_no", "open")
_CODE = re.compile(r"\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})\b|\b(?:icd|cpt|hcpcs)\b", re.IGNORECASE)
# Findings and circumstances are what queries are about; naming one is naming no diagnosis.
_NO_DIAGNOSIS = ("R", "Z", "V", "W", "X", "Y")


@dataclass(frozen=True)
class Looked:
    """A query with what it is checked against."""

    asked: Asked
    chart: Chart | None
    book: CodeBook | None


Check = Callable[[Looked], Iterable[str]]


@dataclass(frozen=True)
class QueryRule:
    """One rule over a query; its check yields what is wrong, in words without chart text."""

    id: str
    title: str
    severity: Severity
    check: Check


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(files("guardrails").joinpath("query_lexicon.toml").read_text(encoding="utf-8"))


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in _lexicon()[name])


def _says(name: str, texts: Iterable[str]) -> bool:
    return any(pattern.search(text.replace("’", "'")) for text in texts for pattern in _patterns(name))


def _reason(looked: Looked) -> Iterator[str]:
    """A reason the brief permits is given."""
    if looked.asked.reason_key not in _lexicon()["reasons"]:
        yield "No permitted reason for a query is given."


def _form(looked: Looked) -> Iterator[str]:
    """It is one of three kinds, and a kind without options has none."""
    if looked.asked.kind not in _KINDS:
        yield "The kind is not multiple_choice, yes_no or open."
    if looked.asked.kind == "multiple_choice" and not looked.asked.options:
        yield "A multiple-choice query has options."


def _indicators(looked: Looked) -> Iterator[str]:
    """At least one clinical indicator of this patient; there is no other minimum."""
    if not any(one.quote.strip() for one in looked.asked.clinical_indicators):
        yield "No clinical indicator is quoted."


def _verbatim(looked: Looked) -> Iterator[str]:
    """Every indicator stands in the record word for word, where the record is at hand."""
    if looked.chart is None:
        return
    for number, one in enumerate(looked.asked.clinical_indicators, 1):
        texts = [document.text for document in looked.chart.documents if one.document in ("", document.id)]
        words = " ".join(one.quote.split())
        if not words or not any(words in " ".join(text.split()) for text in texts):
            yield f"Clinical indicator {number} does not stand in the record word for word."


def _sourced(looked: Looked) -> Iterator[str]:
    """Every indicator says where it comes from."""
    for number, one in enumerate(looked.asked.clinical_indicators, 1):
        if not (one.source.strip() or one.document.strip()):
            yield f"Clinical indicator {number} does not say where it comes from."


def _leading(looked: Looked) -> Iterator[str]:
    """Nothing directs to one answer or gives an opinion, in the title, the question or the options."""
    asked = looked.asked
    if _says("leading", (asked.title, asked.question, *asked.options, asked.footer)):
        yield "The wording directs to an answer or gives an opinion."
    if asked.kind != "yes_no" and _undocumented(looked, asked.question):
        yield "The question names a diagnosis that is not documented."


def _emphasis(looked: Looked) -> Iterator[str]:
    """No bold, underline or the like singles an answer out."""
    asked = looked.asked
    loud = [option for option in asked.options if len(option) > 5 and option.isupper()]
    if _says("formatting", (asked.title, asked.question, *asked.options)) or 0 < len(loud) < len(asked.options):
        yield "Emphasis singles out words."


def _title(looked: Looked) -> Iterator[str]:
    """The title names no diagnosis that the record does not hold."""
    if _undocumented(looked, looked.asked.title):
        yield "The title names a diagnosis that is not documented."


def _impact(looked: Looked) -> Iterator[str]:
    """Nothing the provider sees speaks of payment, grouping, quality figures, denials or audits."""
    if _says("impact", looked.asked.seen):
        yield "The query speaks of payment, grouping, quality figures, denials or audits."


def _codes(looked: Looked) -> Iterator[str]:
    """No code is shown to the provider."""
    if any(_CODE.search(text) for text in looked.asked.seen):
        yield "The query shows a code or a code set to the provider."


def _ways_out(looked: Looked) -> Iterator[str]:
    """A multiple-choice query offers another answer and the answer that it cannot be determined."""
    asked = looked.asked
    if asked.kind == "multiple_choice" and asked.options:
        if not _says("other", asked.options):
            yield "No option for another answer is offered."
        if not _says("undetermined", asked.options):
            yield "No option says that it cannot be determined."


def _choices(looked: Looked) -> Iterator[str]:
    """A multiple-choice query offers at least one clinical answer, each of them once."""
    asked = looked.asked
    if asked.kind != "multiple_choice" or not asked.options:
        return
    if not [option for option in asked.options if not _says("neutral", (option,))]:
        yield "No clinical answer is offered."
    if len({option.strip().lower() for option in asked.options}) < len(asked.options):
        yield "An option is offered twice."


def _yes_no(looked: Looked) -> Iterator[str]:
    """Yes or no is asked only about a documented diagnosis, never to establish one."""
    asked = looked.asked
    if asked.kind != "yes_no":
        return
    if not asked.documented_diagnoses:
        yield "A yes/no query is about a documented diagnosis, and none is named."
    elif _undocumented(looked, asked.question) or not _names_documented(asked):
        yield "A yes/no query is not used to establish a diagnosis that is not documented."


def _yes_no_reason(looked: Looked) -> Iterator[str]:
    """Yes or no is for presence on admission, a relationship, a conflict, or a finding of another clinician."""
    if looked.asked.kind == "yes_no" and looked.asked.reason_key not in _lexicon()["yes_no_reasons"]:
        yield "The reason is not one that a yes/no query may be sent for."


def _open_preferred(looked: Looked) -> Iterator[str]:
    """Where nothing is documented yet, an open question is preferred."""
    if looked.asked.kind == "multiple_choice" and not looked.asked.documented_diagnoses:
        yield "An open question is preferred where no diagnosis is documented yet."


def _prior(looked: Looked) -> Iterator[str]:
    """What comes from an earlier encounter says why it matters to this one."""
    own = looked.chart.encounter.id if looked.chart else ""
    for number, one in enumerate(looked.asked.clinical_indicators, 1):
        if one.encounter and one.encounter != own and not one.justification.strip():
            yield f"Clinical indicator {number} comes from another encounter and does not say why it matters."


def _question(looked: Looked) -> Iterator[str]:
    """It says what is asked."""
    if len(looked.asked.question.split()) < 3:
        yield "The query does not say what is asked."


def _undocumented(looked: Looked, text: str) -> bool:
    """Whether a text of ours names a diagnosis that is not among the documented ones."""
    if looked.book is None or not text.strip():
        return False
    documented = looked.asked.documented_diagnoses
    words = frozenset[str]().union(*(stems(one) for one in documented))
    codes = {code for one in documented for mention in looked.book.spot(one) for code in mention.codes}
    for mention in looked.book.spot(text):
        said = text[mention.start : mention.end]
        if mention.ambiguous or all(code.startswith(_NO_DIAGNOSIS) for code in mention.codes):
            continue
        if not stems(said) <= words and not codes & set(mention.codes):
            return True
    return False


def _names_documented(asked: Asked) -> bool:
    said = stems(f"{asked.question} {asked.title}")
    return any(stems(one) & said for one in asked.documented_diagnoses)


QUERY_RULES: tuple[QueryRule, ...] = (
    QueryRule("QY-002", "Permitted reason", "block", _reason),
    QueryRule("QY-003", "Kind and options", "block", _form),
    QueryRule("QY-004", "Clinical indicators given", "block", _indicators),
    QueryRule("QY-005", "Clinical indicators verbatim", "block", _verbatim),
    QueryRule("QY-022", "Clinical indicators with their source", "review", _sourced),
    QueryRule("QY-006", "Not leading", "block", _leading),
    QueryRule("QY-023", "No emphasis", "block", _emphasis),
    QueryRule("QY-007", "Title names nothing new", "block", _title),
    QueryRule("QY-008", "No word of impact", "block", _impact),
    QueryRule("QY-009", "No codes", "block", _codes),
    QueryRule("QY-010", "Clinical answers offered", "block", _choices),
    QueryRule("QY-011", "Other and undetermined offered", "block", _ways_out),
    QueryRule("QY-013", "Yes/no only of what is documented", "block", _yes_no),
    QueryRule("QY-024", "Yes/no for its own reasons", "review", _yes_no_reason),
    QueryRule("QY-014", "Open question preferred", "note", _open_preferred),
    QueryRule("QY-016", "Earlier encounters", "review", _prior),
    QueryRule("QY-017", "Says what is asked", "block", _question),
)
