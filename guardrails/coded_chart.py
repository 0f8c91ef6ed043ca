"""What a rule sees: a chart with the codes somebody gave it, the book of its date, the policy and the facts of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pydantic import Field

from codebook import mce
from codebook.book import CodeBook
from codebook.entry import CodeEntry
from codebook.mce import MceLists
from codebook.words import MODIFIERS
from guardrails.circumstances import circumstances
from guardrails.evidence import Judged, judge
from guardrails.policy import Policy
from guardrails.tables import covered_by
from records.base import Record
from records.chart import Chart, Span
from records.code import CodeAssignment
from records.encounter import Encounter
from records.laterality import sides_in
from records.reading import reading

_CATEGORY = 3


class RunFacts(Record):
    """What happened while the chart was coded. All empty for codes that somebody else hands in.

    ``malformed`` holds one reason for each draft entry that could not be read in full, ``malformed_codes`` the codes that could
    be made out of them. ``chart_sha256`` is the chart the run
    read, ``releases`` what it looked codes up in; empty when nobody said. ``unreleased_prompt``: its instructions are none that
    was released. ``scores`` are calibrated scores by code, never a model's own confidence; ``threshold`` is the
    score that the policy's target asks for, and ``unproven`` says why no score can reach it. ``unlisted_calls`` counts the
    calls of tools that do not exist.
    """

    unread_documents: tuple[str, ...] = ()
    budget_hit: str | None = None
    malformed: tuple[str, ...] = ()
    malformed_codes: tuple[str, ...] = ()
    failure: str | None = None
    unlisted_calls: int = 0
    chart_sha256: str = ""
    releases: tuple[str, ...] = ()
    unreleased_prompt: bool = False
    scores: Mapping[str, float] = Field(default_factory=dict)
    threshold: float | None = None
    unproven: str = ""


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """One ICD-10-CM code of the chart with its entry in the book (None when the book has no such code).

    ``code`` is written as the book writes it; ``name`` is the spelling that was handed in, which findings repeat.
    """

    assignment: CodeAssignment
    code: str
    entry: CodeEntry | None
    chart: Chart = field(repr=False)
    book: CodeBook = field(repr=False)
    policy: Policy = field(repr=False)

    @property
    def name(self) -> str:
        """The code as it was handed in."""
        return self.assignment.code

    @property
    def title(self) -> str:
        """The code with the book's description; the bare word when the book has none."""
        return f"{self.code} ({self.entry.description})" if self.entry else "the code"

    @property
    def sequence(self) -> int:
        """Its 1-based place on the result."""
        return self.assignment.sequence

    @property
    def leads(self) -> bool:
        """True for the principal or first-listed diagnosis."""
        return self.assignment.leads

    @cached_property
    def edits(self) -> MceLists:
        """The lists of the Medicare Code Editor the code is on. They are for inpatient facility claims; for any other, as for
        a date none are held for, nothing is known."""
        encounter = self.chart.encounter
        if not encounter.is_inpatient_facility:
            return _not_asked(self.code)
        return mce.mce_lists(self.code, encounter.code_set_date)

    @cached_property
    def evidence(self) -> tuple[Judged, ...]:
        """Every span of evidence with what stands in its way, if anything."""
        if self.entry is None:
            return ()
        return judge(self.chart, self.book, self.policy, self.code, self.assignment.evidence)

    @cached_property
    def usable(self) -> tuple[Judged, ...]:
        """The evidence that may be coded from, as far as assertion, place and author go.

        A disease that is called a history and still treated exists (IV.J): a quote of its treatment carries that of the history.
        """
        usable = tuple(judged for judged in self.evidence if judged.problem is None)
        if not any(judged.treats for judged in usable):
            return usable
        return tuple(judged for judged in self.evidence if judged.problem is None or judged.called_history)

    @cached_property
    def weighed(self) -> tuple[Judged, ...]:
        """The evidence whose words are weighed against the code: the usable, else all that stands in the chart.

        Evidence that cannot be coded from is stopped for that; which code it speaks of is a question of its own.
        """
        return self.usable or tuple(judged for judged in self.evidence if judged.problem != "not_in_chart")

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words of the evidence that is weighed, each once."""
        return tuple(dict.fromkeys(judged.text for judged in self.weighed))

    @cached_property
    def detailed(self) -> tuple[str, ...]:
        """The words of the usable evidence with those that only their section keeps from being it.

        A result or a list establishes nothing, but may say where or how bad what the provider has diagnosed is.
        """
        if not self.about:
            return self.texts
        return tuple(
            dict.fromkeys(judged.text for judged in self.evidence if judged in self.usable or judged.problem == "section")
        )

    @cached_property
    def about(self) -> bool:
        """Whether the usable evidence speaks of what the code's category is about."""
        return bool(self.usable) and self.reaches(self.texts, self.code[:_CATEGORY])

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences the evidence that is weighed stands in, each once."""
        return tuple(dict.fromkeys(judged.sentence for judged in self.weighed))

    @cached_property
    def stands(self) -> bool:
        """Whether the usable evidence alone carries the code, so that other quotes can do no harm."""
        if not self.usable:
            return False
        if len(self.usable) == len(self.evidence) or self.reaches(self.texts):
            return True
        return not self.reaches(tuple(judged.text for judged in self.evidence))

    @cached_property
    def reached_in_context(self) -> bool:
        """Whether the sentences of the evidence, or the circumstances, say what the quotes leave out: a part of the body, a
        trimester; never how it goes."""
        missing = self.book.support(self.code, self.detailed).missing
        if not missing or MODIFIERS.intersection(missing):
            return False
        said = circumstances(self.chart, self.book, self.code, self.assignment.evidence)
        support = self.book.support(self.code, (*self.detailed, *self.sentences, *said))
        return support.reaches and not support.better

    def reaches(self, texts: tuple[str, ...], code: str = "") -> bool:
        """Whether these words together reach the vocabulary of the code, or of the one named."""
        return self.book.support(code or self.code, texts).reaches

    def spans_with(self, problem: str) -> tuple[Span, ...]:
        """The spans that this problem stands in the way of; none when the code stands on other evidence."""
        if self.stands or (problem == "section" and self.about):
            return ()
        return tuple(judged.span for judged in self.evidence if judged.problem == problem and judged not in self.usable)


@lru_cache(maxsize=4096)
def _not_asked(code: str) -> MceLists:
    return MceLists(code=code)


@dataclass(frozen=True)
class CodedChart:
    """A chart with its codes, and everything a rule may look at. Derived readings are made once and kept."""

    chart: Chart
    codes: tuple[CodeAssignment, ...]
    book: CodeBook
    policy: Policy
    run: RunFacts = field(default_factory=RunFacts)

    @property
    def encounter(self) -> Encounter:
        """The chart's encounter."""
        return self.chart.encounter

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """The ICD-10-CM codes, in sequence, whether the book knows them or not."""
        return tuple(
            self._diagnosis(assignment)
            for assignment in sorted(self.codes, key=lambda assignment: assignment.sequence)
            if assignment.system == "icd10cm"
        )

    @cached_property
    def known(self) -> tuple[Diagnosis, ...]:
        """The diagnoses the book has an entry for."""
        return tuple(diagnosis for diagnosis in self.diagnoses if diagnosis.entry is not None)

    def _diagnosis(self, assignment: CodeAssignment) -> Diagnosis:
        code = self.book.normalise(assignment.code) or assignment.code
        return Diagnosis(assignment, code, self.book.entry(code), self.chart, self.book, self.policy)

    def covered(self, *references: str) -> tuple[Diagnosis, ...]:
        """The diagnoses whose code one of the references covers."""
        if references not in self._covered:
            held = covered_by(references)
            self._covered[references] = tuple(d for d in self.diagnoses if held[d.code])
        return self._covered[references]

    @cached_property
    def _covered(self) -> dict[tuple[str, ...], tuple[Diagnosis, ...]]:
        return {}

    @cached_property
    def sided_sentences(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Every sentence of the chart that names a side, in small letters, with the sides it names."""
        found = []
        for document in self.chart.documents:
            for low, high in reading(document).sentences:
                sentence = document.text[low:high]
                if sides := sides_in(sentence):
                    found.append((sentence.lower(), sides))
        return tuple(found)
