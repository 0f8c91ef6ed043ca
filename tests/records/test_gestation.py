"""Weeks of gestation as charts write them."""

import pytest

from records.gestation import trimester, weeks_of_gestation


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("IUP 28w4d, FHR 150", 28),
        ("G2P1 at 20w0d", 20),
        ("28 weeks gestation", 28),
        ("she is 12 weeks pregnant", 12),
        ("GA 39 3/7", 39),
        ("EGA 8w2d by US, was 7w5d", 7),
        ("8 wk of cough", None),
        ("6 wk post-op", None),
        ("pregnancy test negative", None),
        ("", None),
    ],
)
def test_weeks(text: str, weeks: int | None) -> None:
    assert weeks_of_gestation(text) == weeks


@pytest.mark.parametrize(("weeks", "said"), [(13, "first"), (14, "second"), (27, "second"), (28, "third")])
def test_trimesters_change_where_the_tabular_list_says(weeks: int, said: str) -> None:
    assert trimester(weeks) == f"{said} trimester"
