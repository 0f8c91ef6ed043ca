"""How well units answer a question: a survey of all of them, and the figures of the few that the ranking weighs."""

from __future__ import annotations

from collections.abc import Iterable
from math import log, sqrt
from typing import NamedTuple

import numpy as np

from codebook.search import indexed
from codebook.search.building import OTHER_BIT, UNSPECIFIED_BIT, WITH_BIT, WITHOUT_BIT
from codebook.search.documents import INCLUSION, SYNONYM
from codebook.search.grams import grams
from codebook.search.index import Index
from codebook.search.meanings import meanings, plainly
from codebook.search.phrases import Phrases, likeness, most
from codebook.search.postings import Floats, Ints
from codebook.search.question import Concept, Question

_UNKNOWN_IDF = 8.0
_BITS = {"left": 1, "right": 2, "bilateral": 4}
# The part of a question that a unit's surroundings answer counts less than what its own phrase answers; words of a phrase
# that nobody asked for count against it by half.
_CONTEXT, _UNASKED = np.float32(0.6), np.float32(0.5)
_CATEGORY_LEVEL = 2
_OF_HEADING, _OF_CATEGORY = np.float32(0.3), np.float32(0.2)


# What search is made of; leaving one out is how a benchmark shows what it brings.
PARTS = frozenset(
    {
        "alphabetic index",
        "synonyms",
        "related words",
        "pieces of words",
        "surroundings",
        "structure",
        "spotted terms",
        "clues",
        "vectors",
    }
)


class Survey(NamedTuple):
    """What a question meets everywhere: asked mass held by phrases and units, pieces of words shared, and how a phrase fits.

    ``indexed`` and ``indexed_fit`` are what the lines of the Alphabetic Index hold, and how they fit.
    """

    total: float
    held: Floats
    held_by_unit: Floats
    main: Floats
    last: Floats
    grams: Floats
    fit: Floats
    indexed: Floats
    indexed_fit: Floats


def survey(index: Index, asked: Question, parts: frozenset[str] = PARTS) -> Survey:
    """Look at every phrase and unit once."""
    held, by_index = np.zeros(len(index.said), np.float32), np.zeros(len(index.indexed), np.float32)
    by_unit, main, last = (np.zeros(len(index.codes), np.float32) for _ in range(3))
    segments = [concept.segment for concept in asked.concepts if concept.segment >= 0] or [0]
    mass = {"all": 0.0, "main": 0.0, "last": 0.0}
    for concept in asked.concepts:
        weight, answers = _answers(index, concept, parts)
        mass["all"] += weight
        mass["main"] += weight * (concept.segment == segments[0])
        mass["last"] += weight * (concept.segment == segments[-1])
        for forms in answers:
            rows, gained = index.said.words.best(forms)
            held[rows] += gained
            if "alphabetic index" in parts:
                rows, gained = index.indexed.words.best(forms)
                by_index[rows] += gained
            rows, gained = index.words_of_units.best(forms)
            by_unit[rows] += gained
            if concept.segment == segments[0]:
                main[rows] += gained
            if concept.segment == segments[-1]:
                last[rows] += gained
    total = mass["all"] or 1.0
    pieces = _grams(index, asked) if "pieces of words" in parts else np.zeros(len(index.said), np.float32)
    if "synonyms" not in parts:
        unsaid = index.said.kinds == SYNONYM
        held[unsaid] = pieces[unsaid] = 0
    if "surroundings" not in parts:
        by_unit = index.said.best(held)
        main, last = np.zeros_like(main), np.zeros_like(last)
    return Survey(
        total=total,
        held=held,
        held_by_unit=by_unit / np.float32(total),
        main=main / np.float32(mass["main"] or 1.0),
        last=last / np.float32(mass["last"] or 1.0),
        grams=pieces,
        fit=_fit(index.said, held, by_unit, total),
        indexed=by_index,
        indexed_fit=_fit(index.indexed, by_index, by_unit, total),
    )


def _answers(index: Index, concept: Concept, parts: frozenset[str]) -> tuple[float, list[list[tuple[int, float]]]]:
    """How much a concept counts, and of everything that answers it the words with how much each of them does."""
    answers = meanings(index, concept.stems) if "related words" in parts else plainly(index, concept.stems)
    known = [float(index.idf[word]) for one in answers for word, share in one.forms if share == 1.0]
    weight = concept.weight * (max(known) if known and len(answers) == 1 else _UNKNOWN_IDF)
    weighed = []
    for answer in answers:
        share = weight * answer.share
        weighed.append([(word, min(share, concept.weight * float(index.idf[word])) * how) for word, how in answer.forms])
    return weight, weighed


def _fit(phrases: Phrases, held: Floats, by_unit: Floats, total: float) -> Floats:
    context = held + _CONTEXT * np.maximum(by_unit[phrases.units] - held, 0)
    fitting: Floats = context / (np.float32(total) + _UNASKED * np.maximum(phrases.mass - held, 0))
    return fitting


def _grams(index: Index, asked: Question) -> Floats:
    weights = {piece: (1 + log(times)) * float(index.gram_idf[piece]) for piece, times in grams(asked.folded).items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return index.grams_of_said.sums((piece, weight / length) for piece, weight in weights.items())


class Rough(NamedTuple):
    """A first figure for every unit, and the best of each category."""

    units: Floats
    categories: Floats


def rough(index: Index, seen: Survey) -> Rough:
    """How much each unit answers by itself and by its heading."""
    own = index.said.best(6 * seen.fit + 3 * seen.grams)
    best = np.zeros(int(index.categories[-1]) + 1, np.float32)
    np.maximum.at(best, index.categories, own)
    heading = own[np.maximum(index.parents, 0)] * (index.levels > _CATEGORY_LEVEL).astype(np.float32)
    answered = own + 3 * seen.held_by_unit + _OF_HEADING * heading
    return Rough(answered.astype(np.float32), best)


def candidates(index: Index, first: Rough, count: int, certain: Iterable[int]) -> Ints:
    """The leaves worth weighing: those whose own phrases or surroundings answer most, and the certain ones."""
    answered = (first.units + _OF_CATEGORY * first.categories[index.categories])[index.leaves]
    return np.union1d(index.leaves[most(answered, count)], np.fromiter(certain, np.int32)).astype(np.int32)


def figures(index: Index, asked: Question, seen: Survey, first: Rough, units: Ints) -> dict[str, Floats]:
    """The named figures of some leaves, each an array in their order."""
    best = _by_phrases(index, seen, units)
    parents = np.maximum(index.parents[units], 0)
    above = np.maximum(index.parents[parents], 0)
    heading = index.levels[parents] >= _CATEGORY_LEVEL
    upper = index.levels[above] >= _CATEGORY_LEVEL
    of_heading = _by_phrases(index, seen, parents)
    of_upper = _by_phrases(index, seen, above)
    made = dict(best)
    for name in ("dice", "gram", "contained"):
        made[f"{name}_heading"] = of_heading[name] * heading.astype(np.float32)
        made[f"{name}_above"] = of_upper[name] * (heading & upper).astype(np.float32)
    made["cover_unit"] = seen.held_by_unit[units]
    made["cover_main"] = seen.main[units]
    made["cover_last"] = seen.last[units]
    made["category"] = first.categories[index.categories[units]] / np.float32(9)
    made["level"] = (index.levels[units] / 5).astype(np.float32)
    made.update(_marks(index, asked, units, made["dice_heading"], made["category"]))
    made.update(_sides(index, asked, units))
    made.update(indexed.figures(index, seen.indexed, seen.indexed_fit, seen.total, units))
    return made


def _by_phrases(index: Index, seen: Survey, units: Ints) -> dict[str, Floats]:
    numbers, counts = index.said.of(units)
    starts = np.cumsum(counts) - counts
    held, mass, gram = seen.held[numbers], index.said.mass[numbers], seen.grams[numbers]
    kinds = index.said.kinds[numbers]
    total = np.float32(seen.total)
    dice, contained = likeness(held, mass, total)
    return {
        "fit": np.maximum.reduceat(seen.fit[numbers], starts),
        "dice": np.maximum.reduceat(dice, starts),
        "dice_title": dice[starts],
        "dice_inclusion": np.maximum.reduceat(np.where(kinds == INCLUSION, dice, 0), starts),
        "dice_synonym": np.maximum.reduceat(np.where(kinds == SYNONYM, dice, 0), starts),
        "contained": np.minimum(np.maximum.reduceat(contained, starts), 1),
        "cover_phrase": np.maximum.reduceat(held, starts) / total,
        "gram": np.maximum.reduceat(gram, starts),
        "gram_title": gram[starts],
        "unmatched": np.maximum(mass[starts] - held[starts], 0) / 10,
    }


def _marks(index: Index, asked: Question, units: Ints, of_heading: Floats, category: Floats) -> dict[str, Floats]:
    marks = index.marks[units]
    unspecified, other, without, with_ = (
        ((marks & bit) > 0).astype(np.float32) for bit in (UNSPECIFIED_BIT, OTHER_BIT, WITHOUT_BIT, WITH_BIT)
    )
    elsewhere, asked_without = np.float32(asked.elsewhere), np.float32(asked.without)
    return {
        "unspecified": unspecified * (1 - elsewhere),
        "unspecified_elsewhere": unspecified * elsewhere,
        "other": other * (1 - elsewhere),
        "other_elsewhere": other * elsewhere,
        "without": without * (1 - asked_without),
        "without_asked": without * asked_without,
        "with": with_,
        "heading_unspecified": of_heading * unspecified * (1 - elsewhere),
        "category_unspecified": category * unspecified * (1 - elsewhere),
        "category_other": category * other,
        "heading_other": of_heading * other * elsewhere,
    }


def _sides(index: Index, asked: Question, units: Ints) -> dict[str, Floats]:
    held, wanted = index.sides[units], sum(_BITS[side] for side in asked.sides)
    sided = held > 0
    same = (held & wanted) > 0
    return {
        "side_same": same.astype(np.float32),
        "side_another": (sided & ~same & (wanted > 0)).astype(np.float32),
        "side_unasked": (sided & (wanted == 0)).astype(np.float32),
    }
