"""What words imply: the region of a part, the class of a drug; never more than they say."""

import pytest

from codebook.claims import telling
from codebook.implied import implied


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("left forearm", "upper limb"),
        ("R hallux", "toe lower limb"),
        ("skin of cheek", "face"),
        ("breast ca UOQ", "upper-outer quadrant"),
        ("epistaxis on warfarin", "anticoagulants"),
        ("lisinopril cough", "angiotensin-converting-enzyme inhibitors"),
        ("toe ulcer", "chronic non-pressure"),
        ("1 ppd", "cigarettes"),
    ],
)
def test_words_imply_wider_ones(text: str, words: str) -> None:
    assert telling(words) <= implied(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pressure ulcer of heel", "non-pressure"),
        ("gastric ulcer", "non-pressure"),
        ("alarm", "limb"),
        ("handoff to the farm", "limb"),
        ("warfarin 5 mg daily", "adverse effect"),
        ("prophylactic care", "immunization"),
    ],
)
def test_words_imply_no_more(text: str, words: str) -> None:
    assert not telling(words) & implied(text)
