"""Which side words say, and which words only look like a side."""

import pytest

from records.laterality import sides_in


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Left knee pain", {"left"}),
        ("Lt knee and R hip", {"left", "right", "bilateral"}),
        ("RLQ tenderness", {"right"}),
        ("glaucoma OU", {"bilateral"}),
        ("b/l wheeze", {"bilateral"}),
        ("left-sided weakness", {"left"}),
        ("She is doing all right right now.", set()),
        ("He was left with a scar.", set()),
        ("Potassium 4.1 mmol/L, R/O sepsis", set()),
        ("L5-S1 disc", set()),
        ("", set()),
    ],
)
def test_sides(text: str, sides: set[str]) -> None:
    assert sides_in(text) == sides
