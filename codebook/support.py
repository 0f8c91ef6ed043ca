"""Do words support a code? Whether they reach its vocabulary, what the code says beyond them, and which neighbour fits better.

A code's vocabulary is its title, its inclusion terms, what stands above it, and the clinical synonyms that lead to it or to a
heading above it. What tells it from its neighbours is read from the titles: the words a title adds to the one above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import log
from typing import TYPE_CHECKING, NamedTuple

from codebook.claims import SIDE_MARK, Claims, Clause, claimed, claims, sided, telling
from codebook.implied import implied
from codebook.measures import measured
from codebook.phrases import Phrase, phrases_in, phrases_of
from codebook.words import sides, tokens

if TYPE_CHECKING:
    from codebook.book import CodeBook

_CATEGORY = 3
_ENOUGH = 0.5
_TELLING = 0.35
_BEST_AT_MOST = 3
_LONG = 7
_EVENTS = "VWXY"
_KEPT = 50_000
_RESIDUAL = re.compile(r"\bother\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:open|compound)\b(?!\s+reduction)|gustilo|through the skin", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b[A-Z]{2,6}\b")
_ABBREVIATED = re.compile(r"((?:[\w-]+ ){1,6})[(\[]([A-Z]{2,6})[)\]]")
_LATE = {"nonunion": r"non-?\s?union|pseudarthrosis", "malunion": r"mal-?\s?union", "delayed": r"delayed (?:healing|union)"}


class Support(NamedTuple):
    """Whether words reach a code; the words of its title they say nothing of; billable codes that fit them better."""

    reaches: bool
    missing: tuple[str, ...] = ()
    better: tuple[str, ...] = ()


class Described(NamedTuple):
    """A code as words know it, without its 7th character.

    ``steps`` are the words each level adds to the one above it; ``shared`` those that all its siblings add as well, which
    tell it from none of them; ``terms`` are the inclusion terms; ``vocabulary`` is every word that speaks for the code;
    ``residual`` codes are for what their neighbours are not ("other specified"), ``unspecified`` ones for want of detail.
    """

    code: str
    billable: bool
    title: Claims
    steps: tuple[frozenset[str], ...]
    shared: frozenset[str]
    terms: tuple[frozenset[str], ...]
    vocabulary: frozenset[str]
    sides: frozenset[str]
    residual: bool
    unspecified: bool


class _Evidence:
    """The words of quotes, and what they amount to by the synonym list."""

    def __init__(self, supports: Supports, texts: tuple[str, ...]) -> None:
        self.text = "\n".join(texts)
        self.said = frozenset[str]().union(*(telling(text) for text in texts))
        # What the words deny ("without aura") they say nothing more of.
        denied = frozenset[str]().union(*(claims(text).denied for text in texts))
        self.phrases = tuple(dict.fromkeys(phrase for text in texts for phrase in phrases_in(text)))
        joined = phrases_of(self.said) if len(texts) > 1 else []
        self.joined = tuple(dict.fromkeys((*self.phrases, *joined)))
        self.meant = (self.said - denied).union(*(supports.meaning(phrase) for phrase in self.phrases))
        self.sides = sides(tokens(self.text))
        self.implied = frozenset[str]().union(*(implied(text) for text in texts))
        self.covered = self.said.union(self.implied, *(supports.words(code) for phrase in self.joined for code in phrase.codes))
        self.spoken = self.said.union(*(supports.title_words(code) for phrase in self.joined for code in phrase.codes))
        self.abbreviations = frozenset(_ABBREVIATION.findall(self.text))


class Supports:
    """The judge of one book. Everything it works out of the book is worked out once, when first needed."""

    def __init__(self, book: CodeBook) -> None:
        self._book = book
        self._categories: dict[str, dict[str, Described]] = {}
        self._by_word: dict[str, dict[str, tuple[Described, ...]]] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._abbreviated: dict[str, dict[str, frozenset[str]]] = {}
        self._evidence: dict[tuple[str, ...], _Evidence] = {}
        self._judged: dict[tuple[str, tuple[str, ...]], Support] = {}
        self._counts: dict[str, int] = {}
        self._most = 1.0

    def judge(self, code: str, texts: tuple[str, ...]) -> Support:
        """How the texts, together, support the code. A code the book does not have is reached by nothing."""
        key = (code, texts)
        if key not in self._judged:
            if len(self._judged) >= _KEPT:
                self._judged.clear()
            self._judged[key] = self._judge(code, texts)
        return self._judged[key]

    def words(self, code: str) -> frozenset[str]:
        """The words of the titles of a code, its category and its block."""
        if code not in self._words:
            category = code[:_CATEGORY]
            above = [entry for one in (category, self._block(category)) if (entry := self._book.entry(one)) is not None]
            held = [_certain(claims(entry.description)) for entry in above]
            self._words[code] = frozenset[str]().union(*held, self.title_words(code))
        return self._words[code]

    def title_words(self, code: str) -> frozenset[str]:
        """The words of a code's own title."""
        described = self.described(code)
        return described.title.words if described else frozenset()

    def meaning(self, phrase: Phrase) -> frozenset[str]:
        """The words that all codes of a phrase have in their titles."""
        held = [described.title.words for code in phrase.codes if (described := self.described(code)) is not None]
        return frozenset.intersection(*held) if held else frozenset()

    def described(self, code: str) -> Described | None:
        """The code as words know it; None when the book does not have it."""
        return self._category(code[:_CATEGORY]).get(code)

    def _judge(self, code: str, texts: tuple[str, ...]) -> Support:
        entry = self._book.entry(code)
        base = entry.path[-1] if entry and entry.seventh_characters and entry.billable else code
        described = self.described(base)
        if entry is None or described is None:
            return Support(False)
        if figures := measured(base, self._billable(base[:_CATEGORY]), texts):
            return Support(True) if figures.agrees else Support(False, (), figures.codes)
        evidence = self._read(texts)
        ending = code[len(base) :] if base != code else ""
        unsaid = self._unsaid(described, evidence)
        missing = _as_written(entry.description, unsaid or frozenset()) + self._ending_unsaid(
            entry.seventh_characters.get(code[-1:], ""), evidence
        )
        better = [found.code for found in self._better(described, evidence, unsaid)]
        if ending:
            better = [done for found in better if (done := self._completed(found, code))]
            better += self._ending_better(code, base, entry.seventh_characters, evidence)
        return Support(not missing and unsaid is not None, missing, tuple(better))

    def _billable(self, category: str) -> dict[str, str]:
        return {code: title for code, title, reportable, _ in self._book.rows_below(category) if reportable}

    def _read(self, texts: tuple[str, ...]) -> _Evidence:
        if texts not in self._evidence:
            if len(self._evidence) >= _KEPT:
                self._evidence.clear()
            self._evidence[texts] = _Evidence(self, texts)
        return self._evidence[texts]

    # --- reaching -----------------------------------------------------------------------------------------------------

    def _unsaid(self, code: Described, evidence: _Evidence) -> frozenset[str] | None:
        """The words of the title nothing in the evidence speaks of; None when the evidence is about something else."""
        if self._led(code, evidence.joined) or any(term and term <= evidence.spoken for term in code.terms):
            return frozenset()
        covered = evidence.covered | self._led_above(code, evidence)
        if not code.title.words & covered:
            return None
        if code.code[0] in _EVENTS:
            # Events are told, not named: one word of the title, or of what stands above it, is all a story has.
            told = code.vocabulary.union(*(above.title.words for above in self._above(code.code)))
            return frozenset() if self.weight(told & covered) >= _TELLING else None
        covered |= code.shared
        abbreviated = self._abbreviated[code.code[:_CATEGORY]]
        covered = covered.union(*(abbreviated.get(one, ()) for one in evidence.abbreviations))
        covered |= {word for word in code.title.words - covered if self._ends_in(word, evidence)}
        clauses = (*code.title.clauses, *(Clause((step,)) for step in code.steps))
        return frozenset[str]().union(*(clause.words - covered for clause in clauses if not self._holds(clause, covered)))

    @staticmethod
    def _ends_in(word: str, evidence: _Evidence) -> bool:
        """Whether the word is a longer name of something said, as mononeuropathy is of neuropathy."""
        return any(len(said) >= _LONG and word.endswith(said) for said in evidence.said)

    @staticmethod
    def _led(code: Described, phrases: Iterable[Phrase]) -> bool:
        """Whether a phrase leads to the code, or below it when it is a heading."""
        if code.billable:
            return any(code.code in phrase.codes for phrase in phrases)
        return any(one.startswith(code.code) for phrase in phrases for one in phrase.codes)

    def _led_above(self, code: Described, evidence: _Evidence) -> frozenset[str]:
        """The words of the headings above the code that the evidence leads to."""
        found: frozenset[str] = frozenset()
        for heading in self._above(code.code):
            named = any(heading.code in phrase.codes for phrase in evidence.joined)
            if named or any(term and term <= evidence.spoken for term in heading.terms):
                found |= _certain(heading.title)
        return found

    def _above(self, code: str) -> list[Described]:
        entry = self._book.entry(code)
        category = self._category(code[:_CATEGORY])
        return [category[level] for level in (entry.path if entry else ()) if level in category]

    def _holds(self, clause: Clause, covered: frozenset[str]) -> bool:
        return any(self.weight(words & covered) >= _ENOUGH * self.weight(words) for words in clause.alternatives)

    def weight(self, words: Iterable[str]) -> float:
        """How much words tell: less, the more categories of the book have them in their title."""
        if not self._counts:
            self._count()
        return sum(1 - log(1 + self._counts.get(word, 0)) / self._most for word in words)

    def _count(self) -> None:
        titles = self._book.category_titles()
        for title in titles:
            for word in telling(title):
                self._counts[word] = self._counts.get(word, 0) + 1
        self._most = log(2 + len(titles))

    # --- neighbours ---------------------------------------------------------------------------------------------------

    def _better(self, code: Described, evidence: _Evidence, unsaid: frozenset[str] | None) -> list[Described]:
        """The neighbours that hold all the evidence says of the code, and more of what it says."""
        own = code.vocabulary.union(*(phrase.words for phrase in evidence.joined if code.code in phrase.codes))
        beyond = frozenset(word for word in evidence.meant - own if word[0] != SIDE_MARK)
        ranked = []
        for other in self._neighbours(code, beyond, evidence):
            gain = self.weight(other.vocabulary & beyond)
            if gain < _TELLING and not (self._led(other, evidence.phrases) and self._idle(code, evidence, unsaid)):
                continue
            if other.code == code.code or self._loses(code, other, evidence) or self._unsaid(other, evidence) != frozenset():
                continue
            ranked.append((not self._same_side(code, other, evidence), -gain, len(other.vocabulary), other.code, other))
        ranked.sort(key=lambda row: row[:4])
        return [row[-1] for row in ranked if row[0] == ranked[0][0]][:_BEST_AT_MOST]

    def _idle(self, code: Described, evidence: _Evidence, unsaid: frozenset[str] | None) -> bool:
        """Whether nothing leads to the code, and it says what the evidence does not, or stands for what has no code."""
        if self._led(code, evidence.joined) or any(term and term <= evidence.spoken for term in code.terms):
            return False
        return code.residual or code.unspecified or unsaid != frozenset()

    def _loses(self, code: Described, other: Described, evidence: _Evidence) -> bool:
        """Whether the code says something of what the evidence says that the other does not."""
        return bool((code.title.words & (evidence.meant | evidence.implied)) - other.vocabulary) or bool(
            code.sides and not other.sides
        )

    @staticmethod
    def _same_side(code: Described, other: Described, evidence: _Evidence) -> bool:
        return other.sides == code.sides if code.sides or not evidence.sides else other.sides == evidence.sides

    def _neighbours(self, code: Described, beyond: frozenset[str], evidence: _Evidence) -> list[Described]:
        """Billable codes of the same category, and of the same place in the categories beside it, that the words name."""
        category = code.code[:_CATEGORY]
        index = self._index(category)
        found = {other.code: other for word in beyond for other in index.get(word, ())}
        block = self._block(category)
        for phrase in evidence.phrases:
            led = self.described(phrase.codes[0])
            if led is None or not led.billable or not self._alike(led.code, code.code):
                continue
            if self._block(led.code[:_CATEGORY]) == block:
                found.setdefault(led.code, led)
        for cousin in self._cousins(code.code, beyond):
            if cousin.vocabulary & beyond:
                found.setdefault(cousin.code, cousin)
        return list(found.values())

    def _cousins(self, code: str, beyond: frozenset[str]) -> list[Described]:
        block = self._book.entry(self._block(code[:_CATEGORY]))
        beside = [category for category in (block.children if block else ()) if category != code[:_CATEGORY]]
        named = [
            one for category in beside if len(category) == _CATEGORY and self._names(one := category + code[_CATEGORY:], beyond)
        ]
        found = [self.described(one) for one in named]
        return [cousin for cousin in found if cousin is not None and cousin.billable and self._alike(cousin.code, code)]

    def _names(self, code: str, words: frozenset[str]) -> bool:
        """Whether the code's title or terms have one of the words, before its whole category is worked out."""
        entry = self._book.entry(code)
        texts = (entry.description, *entry.inclusion_terms) if entry is not None else ()
        return any(telling(text) & words for text in texts)

    def _alike(self, one: str, other: str) -> bool:
        """Whether two codes need the same kind of statement: a past condition is no neighbour of a present one."""
        return self._book.need(one).assertions == self._book.need(other).assertions

    def _block(self, category: str) -> str:
        entry = self._book.entry(category)
        return entry.path[-1] if entry and entry.path else ""

    def _index(self, category: str) -> dict[str, tuple[Described, ...]]:
        if category not in self._by_word:
            held: dict[str, list[Described]] = {}
            for described in self._category(category).values():
                if described.billable:
                    for word in described.vocabulary:
                        held.setdefault(word, []).append(described)
            self._by_word[category] = {word: tuple(found) for word, found in held.items()}
        return self._by_word[category]

    def _category(self, category: str) -> dict[str, Described]:
        if category not in self._categories:
            self._categories[category] = self._describe(category)
        return self._categories[category]

    def _describe(self, category: str) -> dict[str, Described]:
        terms: dict[str, list[frozenset[str]]] = {}
        printed = list(self._book.terms_below(category))
        for level, text in printed:
            terms.setdefault(level, []).append(claimed(text) | sided(sides(tokens(text))))
        rows = list(self._book.rows_below(category))
        self._abbreviated[category] = _abbreviations((*(text for _, text in printed), *(title for _, title, _, _ in rows)))
        shared = _shared(rows)
        found: dict[str, Described] = {}
        for code, title, reportable, parent in rows:
            own = claims(title)
            above = found.get(parent)
            common: frozenset[str] = frozenset()
            steps: tuple[frozenset[str], ...] = ()
            if above:
                alike = shared.get(parent, above.title.words)
                common = (alike - above.title.words) | (above.shared & own.words)
                steps = tuple(step & own.words for step in (*above.steps, own.words - alike))
            found[code] = Described(
                code=code,
                billable=reportable,
                title=own,
                steps=tuple(step for step in steps if step),
                shared=common,
                terms=tuple(terms.get(code, ())),
                vocabulary=own.words.union(*terms.get(code, ())),
                sides=sides(tokens(title)),
                residual=_RESIDUAL.search(title) is not None,
                unspecified="unspecified" in title.lower(),
            )
        return found

    # --- 7th characters -----------------------------------------------------------------------------------------------

    def _completed(self, base: str, like: str) -> str:
        """The code with the 7th character of another one; empty when the book has no such code."""
        bare = base.replace(".", "").ljust(6, "X")
        done = f"{bare[:3]}.{bare[3:6]}{like[-1]}"
        return done if self._book.entry(done) is not None else ""

    @staticmethod
    def _ending_unsaid(ending: str, evidence: _Evidence) -> tuple[str, ...]:
        said = ending.lower()
        unsaid = ["open"] if "open" in said and not _OPEN.search(evidence.text) else []
        unsaid += [word for word, form in _LATE.items() if word in said and not re.search(form, evidence.text, re.IGNORECASE)]
        return tuple(unsaid)

    def _ending_better(self, code: str, base: str, endings: Mapping[str, str], evidence: _Evidence) -> list[str]:
        """The completions that say "open", "nonunion" and the like, where the evidence does and the code does not."""
        own = endings.get(code[-1], "").lower()
        said = ["open"] if "open" not in own and _OPEN.search(evidence.text) else []
        said += [word for word, form in _LATE.items() if word not in own and re.search(form, evidence.text, re.IGNORECASE)]
        same_encounter = [word for word in ("initial", "subsequent", "sequela") if word in own]
        found = []
        for character, ending in endings.items():
            words = ending.lower()
            if any(word in words for word in said) and (said != ["open"] or all(word in words for word in same_encounter)):
                found.append(self._completed(base, character))
        return [done for done in found if done][:_BEST_AT_MOST]


def _certain(title: Claims) -> frozenset[str]:
    """The words of a title's clauses that have no alternatives."""
    return frozenset[str]().union(*(clause.words for clause in title.clauses if len(clause.alternatives) == 1))


def _as_written(title: str, stems: frozenset[str]) -> tuple[str, ...]:
    """The words of a title that have these stems, in its order."""
    return tuple(dict.fromkeys(word for word in re.findall(r"[\w'.-]+", title.lower()) if telling(word) & stems)) or tuple(stems)


def _abbreviations(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """What the abbreviations stand for that these texts print in brackets: as many words before it as it has letters."""
    return {
        short: telling(" ".join(before.split()[-len(short) :])) for text in texts for before, short in _ABBREVIATED.findall(text)
    }


def _shared(rows: Iterable[tuple[str, str, bool, str]]) -> dict[str, frozenset[str]]:
    """The words that all children of a heading have in their titles, by heading; none for an only child."""
    titles: dict[str, list[frozenset[str]]] = {}
    for _, title, _, parent in rows:
        titles.setdefault(parent, []).append(claims(title).words)
    return {parent: frozenset.intersection(*held) for parent, held in titles.items() if len(held) > 1}
