"""The Alphabetic Index: main terms, subterms, cross references, default codes and their dash, and whose year it is of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from codebook.importing import Taken
from codebook.index import AlphabeticIndex, IndexPart, open_index
from tests.codebook import official

TakeIn = Callable[..., list[Taken]]
ON = date(2026, 6, 15)
AILMENTS = (
    "<mainTerm><title>Ache<nemod>(dull) (sharp)</nemod></title><code>R52</code>"
    '<term level="1"><title>back</title><code>M54.9</code>'
    '<term level="2"><title>low</title><code>M54.5-</code></term></term>'
    '<term level="1"><title>elbow</title><see>Pain, joint, elbow</see></term>'
    '<term level="1"><title>with</title><term level="2"><title>fever</title><code>A01.1</code><manif>B01.1</manif></term></term>'
    "</mainTerm>"
    "<mainTerm><title>Pain, painful</title><seeAlso>Ache</seeAlso><code>R52</code>"
    '<term level="1"><title>joint</title><code>M25.50</code>'
    '<term level="2"><title>elbow</title><code>M25.52-</code></term></term>'
    "</mainTerm>"
    "<mainTerm><title>Ague</title><see>Nowhere at all</see></mainTerm>"
)


@pytest.fixture
def index(take_in: TakeIn) -> AlphabeticIndex:
    take_in("icd10cm-drug-April-1-2026.xml", **{"icd10cm-index-April-2025__xml": official.index(version="2025", terms=AILMENTS)})
    return open_index(ON)


@pytest.fixture
def diseases(index: AlphabeticIndex) -> IndexPart:
    return index.parts["icd10cm_index"]


def test_a_main_term_its_modifiers_and_what_is_below_it(diseases: IndexPart) -> None:
    (ache,) = diseases.main_terms("ACHE")
    assert (ache.path, ache.modifiers, ache.code, ache.incomplete) == (("Ache",), ("dull", "sharp"), "R52", False)
    assert [term.path[-1] for term in diseases.below(ache)] == ["back", "elbow", "with"]
    low = diseases.below(diseases.below(ache)[0])[0]
    assert (low.path, low.code, low.incomplete, low.codes) == (("Ache", "back", "low"), "M54.5", True, ("M54.5",))
    assert diseases.below(diseases.below(ache)[2])[0].manifestation == "B01.1"


def test_a_title_of_two_forms_is_found_by_either(diseases: IndexPart) -> None:
    assert diseases.main_terms("painful") == diseases.main_terms("Pain") == diseases.main_terms("pain, painful")
    assert diseases.main_terms("nothing") == []


def test_cross_references_are_followed_as_far_as_they_go(diseases: IndexPart) -> None:
    assert [term.code for term in diseases.follow("Pain, joint, elbow")] == ["M25.52"]
    assert [term.code for term in diseases.follow("Pain, joint, unheard of")] == ["M25.50"]
    assert diseases.follow("Nowhere at all") == []


@pytest.mark.parametrize(
    ("phrase", "path", "via"),
    [
        ("low back ache", ("Ache", "back", "low"), ""),
        ("sharp aches in the lower back", ("Ache", "back"), ""),
        ("ache of the elbow", ("Pain, painful", "joint", "elbow"), "Pain, joint, elbow"),
        ("ache with fever", ("Ache", "with", "fever"), ""),
    ],
)
def test_words_lead_to_the_deepest_term(index: AlphabeticIndex, phrase: str, path: tuple[str, ...], via: str) -> None:
    best = index.find(phrase)[0]
    assert (best.term.path, best.via) == (path, via)


def test_a_reference_to_nowhere_leaves_the_term(index: AlphabeticIndex) -> None:
    assert index.find("ague")[0].term.see == "Nowhere at all"


def test_answers_say_whose_year_they_are_of(index: AlphabeticIndex) -> None:
    assert (index.held, index.in_force) == (True, False)
    ache = index.find("ache")[0]
    assert (ache.release, ache.in_force) == ("icd10cm_index-2025-04-01", False)
    drug = index.find("aine")[0]
    assert (drug.release, drug.in_force) == ("icd10cm_drug-2026-04-01", True)
    assert drug.term.cells == {"Poisoning Accidental (unintentional)": "T51.0X1"}
    assert drug.term.codes == ("T51.0X1",)


def test_a_later_year_helps_too_when_no_other_is_held(index: AlphabeticIndex) -> None:
    early = open_index(date(2024, 1, 1))
    assert early.find("ache")[0].term.code == "R52"
    assert not early.in_force


def test_every_term_comes_in_order(diseases: IndexPart) -> None:
    terms = list(diseases.terms())
    assert [term.number for term in terms] == sorted(term.number for term in terms)
    assert terms[0].path == ("Ache",)
    assert terms[2].path == ("Ache", "back", "low")


@pytest.mark.usefixtures("home")
def test_no_index_is_no_index() -> None:
    empty = open_index(ON)
    assert (empty.held, empty.find("ache"), list(empty.terms())) == (False, [], [])
