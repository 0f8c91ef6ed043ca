"""Pairing: each must group credits one prediction."""

from hypothesis import given
from hypothesis import strategies as st

from evals.pairing import pair


def test_second_prediction_of_a_group_is_an_extra() -> None:
    paired = pair(["E11.65", "E11.9"], [{"E11.65", "E11.9"}], set())
    assert (paired.credited, paired.extra, paired.missed) == ({0: 0}, (1,), ())


def test_may_is_neutral_and_an_unanswered_group_is_missed() -> None:
    paired = pair(["Z79.4", "R52"], [{"E11.9"}], {"Z79.4"})
    assert (paired.credited, paired.neutral, paired.extra, paired.missed) == ({}, (0,), (1,), (0,))


def test_as_many_groups_as_possible_are_answered() -> None:
    # Taken greedily, N28.89 would answer the first group and leave N28.81 without one.
    paired = pair(["N28.89", "N28.81"], [{"N28.89", "N28.81"}, {"N28.89"}], set())
    assert paired.credited == {0: 1, 1: 0}


def test_the_prediction_left_over_is_the_one_that_is_neutral_anyway() -> None:
    paired = pair(["I10", "I11.9"], [{"I10", "I11.9"}], {"I10"})
    assert (paired.credited, paired.neutral, paired.extra) == ({1: 0}, (0,), ())


codes = st.sampled_from("ABCDEF")


@given(st.lists(codes, unique=True), st.lists(st.sets(codes, min_size=1), max_size=5), st.sets(codes))
def test_every_prediction_and_group_is_in_one_part(predicted: list[str], must: list[set[str]], may: set[str]) -> None:
    paired = pair(predicted, must, may)
    assert sorted([*paired.credited, *paired.neutral, *paired.extra]) == list(range(len(predicted)))
    assert sorted([*paired.credited.values(), *paired.missed]) == list(range(len(must)))
    assert all(predicted[index] in must[group] for index, group in paired.credited.items())
    assert not any(predicted[index] in may for index in paired.extra)
